import type { UserSource } from '../../lib/index.js';
import { MemoryUserStore } from '../../lib/index.js';
import { basic, openAuth, people } from '../support/open-auth.js';

let now = 1_000_000;

beforeEach(() => {
  jest.spyOn(Date, 'now').mockImplementation(() => now);
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** A source that learns of changes only when it is told to look. */
async function source() {
  const known = new MemoryUserStore(people);
  await known.open();
  let tell: () => void = () => undefined;
  const looks: string[] = [];
  const state = { isGone: false, reading: undefined as Promise<void> | undefined };
  const store: UserSource = {
    find: (name) => {
      looks.push('find');
      return state.isGone ? undefined : known.find(name);
    },
    watch: (listener) => {
      tell = listener;
      return () => undefined;
    },
    catchUp: () => {
      looks.push('catch up');
      if (state.isGone) tell();
      return state.reading;
    },
  };
  return { store, state, looks };
}

const request = { headers: { authorization: basic('amy', 'amy-pw') } };

describe('what is remembered', () => {
  it('is believed while the source looked for changes a second ago or less', async () => {
    const { store, looks } = await source();
    const auth = openAuth({ store });
    await auth.authenticate(request);
    looks.length = 0;
    for (let time = 0; time < 50; time += 1) await auth.authenticate(request);
    expect(looks).toEqual([]);
    now += 1_001;
    for (let time = 0; time < 50; time += 1) await auth.authenticate(request);
    expect(looks).toEqual(['catch up']);
  });

  it.each(['forward', 'back'])('is not believed after the clock jumped %s', async (direction) => {
    const { store, state } = await source();
    const auth = openAuth({ store });
    await auth.authenticate(request);
    state.isGone = true;
    now += direction === 'forward' ? 3_600_000 : -3_600_000;
    await expect(Promise.resolve(auth.authenticate(request))).rejects.toMatchObject({
      code: 'ERR_KAUTH_FAILED',
    });
  });

  it('is not believed until a source that takes a while has looked', async () => {
    const { store, state, looks } = await source();
    const auth = openAuth({ store });
    await auth.authenticate(request);
    let finish = (): void => undefined;
    state.reading = new Promise((resolve) => (finish = resolve));
    now += 1_001;
    looks.length = 0;
    const waiting = [auth.authenticate(request), auth.find('amy')];
    await new Promise(setImmediate);
    expect(looks).toEqual(['catch up']);
    state.isGone = true;
    finish();
    const [login, found] = await Promise.allSettled(waiting);
    expect([login?.status, found]).toEqual(['rejected', { status: 'fulfilled', value: undefined }]);
  });

  it.each<[string, () => Promise<void>]>([
    [
      'at once',
      () => {
        throw new Error('disk on fire');
      },
    ],
    ['after a while', () => Promise.reject(new Error('disk on fire'))],
  ])('is not believed if the source fails to look %s', async (_, catchUp) => {
    const { store } = await source();
    const auth = openAuth({ store: { ...store, catchUp } });
    await auth.authenticate(request);
    now += 1_001;
    const again = auth.authenticate(request);
    expect(again).toBeInstanceOf(Promise);
    expect((await again).name).toBe('amy');
  });
});

describe('every question to a source that takes a while to look', () => {
  it('waits for the newest look', async () => {
    const { store, state } = await source();
    const asked: string[] = [];
    const subscriptions = {
      find: () => void asked.push('subscription'),
      list: () => (asked.push('subscriptions'), []),
      put: () => Promise.reject(new Error('not asked for')),
      delete: () => false,
      deleteDatabase: () => 0,
    };
    const auth = openAuth({ store: { ...store, subscriptions } });
    await auth.authenticate(request);
    const token = Buffer.from(`default;${'x'.repeat(32)}`).toString('base64url');
    const push = { headers: { authorization: basic('~subscriber', token) } };
    const finish: (() => void)[] = [];
    const takeAWhile = () => {
      state.reading = new Promise((resolve) => finish.push(resolve));
      now += 1_001;
    };
    takeAWhile();
    const first = Promise.allSettled([auth.authenticate(push), auth.subscriptions?.list()]);
    await new Promise(setImmediate);
    takeAWhile();
    const second = Promise.allSettled([auth.authenticate(push)]);
    await new Promise(setImmediate);
    expect(asked).toEqual([]);
    finish[0]?.();
    await first;
    expect([...asked].sort()).toEqual(['subscription', 'subscriptions']);
    finish[1]?.();
    const [refused] = await second;
    expect(refused.status).toBe('rejected');
    expect(asked).toHaveLength(3);
  });
});
