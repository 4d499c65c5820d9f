import { runInNewContext } from 'node:vm';
import { GuardedStore } from '../../lib/authenticate/guarded-store.js';
import { StoreUnavailableError } from '../../lib/errors.js';
import type { StoredUser, UserSource } from '../../lib/stores/user-store.js';

const HASH = '$2b$04$8DVcJv4NHBjXQGBeQbqsm.qlSa2JV91HIZyf6v1izjk4Y0FwM/ZgO';
const bob: StoredUser = { name: 'bob', type: 'normal', hash: HASH, permissions: [] };

function open(source: UserSource, deadline?: number) {
  const log: string[] = [];
  const logger = {
    info: (message: string) => void log.push(`info: ${message}`),
    warn: (message: string) => void log.push(`warn: ${message}`),
    error: (message: string) => void log.push(`error: ${message}`),
  };
  const onOpen = jest.fn();
  const onChange = jest.fn();
  const opened = new GuardedStore({
    store: source,
    logger,
    onOpen,
    onChange,
    ...(deadline !== undefined && { deadline }),
  });
  return { opened, log, onOpen, onChange };
}

const fresh = { fresh: false };

describe('a user source', () => {
  it('is opened once, by the first who asks, and the others wait for it', async () => {
    const source = { open: jest.fn(() => Promise.resolve()), find: () => bob };
    const { opened, onOpen } = open(source);
    await Promise.all([opened.find('bob', fresh), opened.ready(), opened.find('bob', fresh)]);
    expect(source.open).toHaveBeenCalledTimes(1);
    expect(onOpen).toHaveBeenCalledTimes(1);
    expect(opened.find('bob', fresh)).toBe(bob);
  });

  it('that could not be opened is tried again a second later, not at every request', async () => {
    let clock = 0;
    const now = jest.spyOn(performance, 'now').mockImplementation(() => clock);
    const source = {
      open: jest.fn<Promise<void>, []>(() => Promise.reject(new Error('disk on fire'))),
      find: () => bob,
    };
    const { opened, log } = open(source);
    await expect(opened.ready()).rejects.toBeInstanceOf(StoreUnavailableError);
    clock = 900;
    await expect(opened.find('bob', fresh)).rejects.toBeInstanceOf(StoreUnavailableError);
    expect(source.open).toHaveBeenCalledTimes(1);
    clock = 1000;
    source.open.mockImplementation(() => Promise.resolve());
    await expect(opened.find('bob', fresh)).resolves.toBe(bob);
    expect(log).toEqual([
      'error: the user store is unavailable: Error (onError gets the error itself, as error.cause)',
      'info: the user store answers again',
    ]);
    now.mockRestore();
  });

  it.each<[string, UserSource['find']]>([
    [
      'throws',
      () => {
        throw new Error('secret detail');
      },
    ],
    ['rejects', () => Promise.reject(new Error('secret detail'))],
    ['rejects with nothing', () => Promise.reject(new StoreUnavailableError('disk full'))],
    ['answers with another user', () => ({ ...bob, name: 'eve' })],
    ['answers later with another user', () => Promise.resolve({ ...bob, name: 'Bob' })],
    ['answers with a hash in clear', () => ({ ...bob, hash: 'secret' })],
    [
      'answers with an unknown scheme',
      () => ({ ...bob, hash: '{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=' }),
    ],
    ['answers with $2x$', () => ({ ...bob, hash: HASH.replace('$2b$', '$2x$') })],
    ['answers without a hash but cannot verify', () => ({ ...bob, hash: '' })],
  ])('that %s is unavailable, and its log names no secret', async (_what, find) => {
    const { opened, log } = open({ find });
    await expect(opened.ready().then(() => opened.find('bob', fresh))).rejects.toMatchObject({
      code: 'ERR_KAUTH_STORE_UNAVAILABLE',
      status: 503,
    });
    expect(log).toHaveLength(1);
    expect(log.join()).not.toContain('secret');
  });

  it('that never answers is unavailable after the deadline', async () => {
    const { opened } = open({ find: () => new Promise(() => undefined) }, 20);
    await expect(opened.find('bob', fresh)).rejects.toThrow('no answer within 20 ms');
  });

  it('whose opening takes its time keeps no request waiting for longer than the deadline', async () => {
    const { opened } = open({ open: () => new Promise(() => undefined), find: () => bob }, 20);
    await expect(opened.find('bob', fresh)).rejects.toThrow('no answer within 20 ms');
  });

  it('reports an outage once, and its end', async () => {
    let isDown = true;
    const find = () => {
      if (isDown) throw new StoreUnavailableError('disk full');
      return bob;
    };
    const { opened, log } = open({ find });
    await opened.ready();
    for (let time = 0; time < 3; time += 1)
      expect(() => opened.find('bob', fresh)).toThrow('disk full');
    isDown = false;
    for (let time = 0; time < 3; time += 1) expect(opened.find('bob', fresh)).toBe(bob);
    expect(log).toEqual([
      'error: the user store is unavailable: disk full',
      'info: the user store answers again',
    ]);
  });

  class PoolError extends Error {}

  it.each<[string, unknown, string]>([
    ['a system error', Object.assign(new Error('/home/x'), { code: 'ENOSPC' }), 'Error ENOSPC'],
    ['a class', new PoolError('host=db password=s3cret'), 'PoolError'],
    [
      'a class and a number',
      Object.assign(new PoolError('s3cret'), { code: 1045 }),
      'PoolError 1045',
    ],
    ['a name', Object.assign(new Error('s3cret'), { name: 'MongoError' }), 'MongoError'],
    [
      'texts in place of both',
      Object.assign(new Error(), { name: 'a s3cret', code: 's3cret!' }),
      'Error',
    ],
    [
      'an object in place of a code',
      Object.assign(new TypeError('s3cret'), { code: { p: 's3cret' } }),
      'TypeError',
    ],
    ['an error of another realm', runInNewContext('new RangeError("s3cret")'), 'RangeError'],
    ['a text', 's3cret', 'no Error, but something else'],
  ])('tells the kind of %s that a store throws, never its text', async (_what, thrown, kind) => {
    const { opened, log } = open({
      find: () => {
        throw thrown;
      },
    });
    await expect(opened.find('bob', fresh)).rejects.toMatchObject({ cause: thrown });
    expect(log).toEqual([
      `error: the user store is unavailable: ${kind} (onError gets the error itself, as error.cause)`,
    ]);
  });

  it('tells what changes, until it is closed', async () => {
    const listeners = new Set<(name?: string) => void>();
    const close = jest.fn();
    const source: UserSource = {
      find: () => bob,
      watch: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      close,
    };
    const { opened, onChange } = open(source);
    await opened.ready();
    for (const listener of listeners) listener('bob');
    expect(onChange).toHaveBeenCalledWith('bob');
    await opened.close();
    expect(listeners.size).toBe(0);
    expect(close).toHaveBeenCalledTimes(1);
    await expect(opened.find('bob', fresh)).rejects.toThrow('closed');
  });

  it('verifies passwords itself only where it can', async () => {
    const able = open({
      find: () => ({ ...bob, hash: '' }),
      verify: (_name, password) => password === 'x',
    });
    await able.opened.ready();
    expect(able.opened.verify('bob', 'x')).toBe(true);
    expect(able.opened.verify('bob', 'y')).toBe(false);
    const unable = open({ find: () => bob });
    await unable.opened.ready();
    expect(unable.opened.verify('bob', 'x')).toBe(false);
  });
});
