import { hashSync } from 'bcrypt';
import { StoreUnavailableError } from '../../../lib/errors.js';
import { MemoryUserStore } from '../../../lib/index.js';
import { openAuth, people } from '../../support/open-auth.js';
import { beginSession, loginRequest, sessionsFor } from './begin-session.js';

const DEARER = { enabled: true, bcryptCost: 5 };

afterEach(() => {
  jest.restoreAllMocks();
});

/** Users whose hashes cost less than they should. */
async function cheapUsers(): Promise<MemoryUserStore> {
  const store = new MemoryUserStore([
    { name: 'amy', type: 'normal', hash: hashSync('amy-pw', 4), permissions: [] },
  ]);
  await store.open();
  return store;
}

describe('the hash that a session is bound to', () => {
  it('is the renewed one if the login renews it', async () => {
    const store = await cheapUsers();
    const auth = openAuth({ store, auth: DEARER });
    const { value } = await beginSession(auth);
    expect((await store.find('amy'))?.hash).toMatch(/^\$2b\$05/);
    expect(await sessionsFor(auth).find(value)).toBeDefined();
  });

  it('is none of a password that was set between the verification and the renewal', async () => {
    const store = await cheapUsers();
    const replace = store.replaceHash.bind(store);
    jest.spyOn(store, 'replaceHash').mockImplementation(async (...change) => {
      await store.update('amy', { hash: hashSync('new-pw', 4) });
      return replace(...change);
    });
    const auth = openAuth({ store, auth: DEARER });
    const { value } = await beginSession(auth);
    expect(await sessionsFor(auth).find(value)).toBeUndefined();
  });

  it('is none of a password that is set as soon as the old one was found right', async () => {
    const store = new MemoryUserStore(people);
    const auth = openAuth({ store });
    let changed: Promise<unknown> | undefined;
    auth.on('authenticated', () => {
      changed = auth.users?.update('amy', { password: 'new-pw' });
    });
    const { value } = await beginSession(auth);
    await changed;
    expect(await sessionsFor(auth).find(value)).toBeUndefined();
  });

  it('stays the old one if the store refuses the renewal', async () => {
    const store = await cheapUsers();
    jest.spyOn(store, 'replaceHash').mockRejectedValue(new StoreUnavailableError('read-only'));
    const auth = openAuth({ store, auth: DEARER });
    const { value } = await beginSession(auth);
    expect(await sessionsFor(auth).find(value)).toBeDefined();
  });
});

describe('a session that nothing binds to a password', () => {
  it('lasts half an hour in all, however often it is used', async () => {
    const auth = openAuth({
      store: {
        find: (name) => ({ name, type: 'normal', hash: '', permissions: [] }),
        verify: (_, password) => password === 'amy-pw',
      },
    });
    const sessions = sessionsFor(auth);
    const { value, session } = await sessions.begin('amy', 'amy-pw', loginRequest);
    const clock = jest.spyOn(Date, 'now').mockReturnValue(session.startedAt + 20 * 60_000);
    const later = await sessions.find(value);
    expect(later?.expiresAt).toBe(session.startedAt + 30 * 60_000);
    clock.mockReturnValue(session.startedAt + 30 * 60_000);
    expect(await sessions.find(later?.renewed ?? '')).toBeUndefined();
  });
});

describe('a session while the store can not tell', () => {
  it.each(['find', 'log-out'] as const)('fails closed at a %s', async (question) => {
    const inner = new MemoryUserStore(people);
    await inner.open();
    let isDown = false;
    const answer = <T>(value: T): T => {
      if (isDown) throw new StoreUnavailableError('down');
      return value;
    };
    const auth = openAuth({
      store: {
        find: (name) => inner.find(name),
        endedSessions: { end: () => answer(true), isEnded: () => answer(false) },
      },
    });
    const { value } = await beginSession(auth);
    isDown = true;
    const asked =
      question === 'find' ? sessionsFor(auth).find(value) : sessionsFor(auth).end(value);
    const error: unknown = await Promise.resolve(asked).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(String(error)).not.toContain(value);
  });
});
