import { hashSync } from 'bcrypt';
import { proofOf } from '../../../lib/authenticate/password-proof.js';
import { StoreUnavailableError } from '../../../lib/errors.js';
import type { KapacitorAuth, UserSource } from '../../../lib/index.js';
import { MemoryUserStore } from '../../../lib/index.js';
import { openAuth, people } from '../../support/open-auth.js';
import { until } from '../../support/until.js';
import { beginSession, loginRequest, sessionsFor } from './begin-session.js';

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** Waits for something, while time passes by the second; returns it, and the seconds. */
async function inFastTime<T>(wanted: Promise<T>): Promise<{ got: T; seconds: number }> {
  const state = { isOver: false };
  let seconds = 0;
  const over = wanted.finally(() => {
    state.isOver = true;
  });
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (state.isOver) return { got: await over, seconds };
    if (jest.getTimerCount() > 0) {
      jest.advanceTimersByTime(1000);
      seconds += 1;
    }
  }
}

describe('a renewal of the hash that the store never answers', () => {
  const hash = hashSync('amy-pw', 4);

  function openHung(): { auth: KapacitorAuth; asked: jest.SpyInstance } {
    const store = new MemoryUserStore([{ name: 'amy', hash }]);
    const asked = jest.spyOn(store, 'replaceHash').mockReturnValue(new Promise(() => undefined));
    return { auth: openAuth({ store, auth: { enabled: true, bcryptCost: 5 } }), asked };
  }

  async function readied({ auth, asked }: ReturnType<typeof openHung>): Promise<KapacitorAuth> {
    await auth.authenticate({
      headers: { authorization: `Basic ${Buffer.from('amy:amy-pw').toString('base64')}` },
    });
    await until('the store is asked', () => asked.mock.calls.length > 0);
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'Date', 'performance'] });
    return auth;
  }

  it('holds a login up for 5 seconds, and the session is of the old hash', async () => {
    const auth = await readied(openHung());
    const { got, seconds } = await inFastTime(beginSession(auth));
    expect(seconds).toBe(5);
    expect((await sessionsFor(auth).find(got.value))?.user.name).toBe('amy');
  });

  it('holds the proof of a password up for 5 seconds, and it is one of the old hash', async () => {
    const auth = await readied(openHung());
    const login = { name: 'amy', password: 'amy-pw' };
    const proof = proofOf(auth)?.(login, loginRequest);
    const { got: isStill, seconds } = await inFastTime(Promise.resolve(proof));
    expect(seconds).toBe(5);
    const amy = { name: 'amy', type: 'normal', permissions: [] } as const;
    expect(isStill?.({ ...amy, hash })).toBe(true);
    expect(isStill?.({ ...amy, hash, disabled: true })).toBe(false);
    expect(isStill?.({ ...amy, hash: hashSync('amy-pw', 4) })).toBe(false);
    expect(isStill?.({ ...amy, hash: '' })).toBe(false);
  });
});

/** Users that can't be looked up for a while. */
async function failing(): Promise<{ store: UserSource; fail: () => Promise<void> }> {
  const inner = new MemoryUserStore(people);
  await inner.open();
  let isDown = false;
  return {
    store: {
      find: (name) =>
        isDown
          ? Promise.reject(new StoreUnavailableError('down'))
          : Promise.resolve(inner.find(name)),
    },
    /** Resolves once nothing is remembered but for stale-if-error. */
    fail: async () => {
      isDown = true;
      await new Promise((resolve) => setTimeout(resolve, 20));
    },
  };
}

describe('a session while users can not be looked up', () => {
  const times = { enabled: true, bcryptCost: 4, cacheExpiration: '1ms' } as const;

  it('goes on for auth.stale-if-error, as Basic credentials do, unless it was ended', async () => {
    const { store, fail } = await failing();
    const auth = openAuth({ store, auth: { ...times, staleIfError: '1h' } });
    const sessions = sessionsFor(auth);
    const [kept, ended] = [await beginSession(auth), await beginSession(auth)];
    await sessions.find(kept.value);
    await fail();
    expect((await sessions.find(kept.value))?.user.name).toBe('amy');
    await sessions.end(ended.value);
    expect(await sessions.find(ended.value)).toBeUndefined();
    expect(await sessions.find(kept.value)).toBeDefined();
  });

  it('can not be told from one that is over without it, and fails closed', async () => {
    const { store, fail } = await failing();
    const auth = openAuth({ store, auth: times });
    const { value } = await beginSession(auth);
    await fail();
    const asked = async () => sessionsFor(auth).find(value);
    await expect(asked()).rejects.toThrow(StoreUnavailableError);
  });
});

describe('a log-out that the store has no room for', () => {
  it('ends all sessions of the user, and of nobody else', async () => {
    const isEnded = jest.fn(() => false);
    const store = Object.assign(new MemoryUserStore(people), {
      endedSessions: { end: () => false, isEnded },
    });
    const auth = openAuth({ store });
    const sessions = sessionsFor(auth);
    const [first, second] = [await beginSession(auth), await beginSession(auth)];
    const root = await sessions.begin('root', 'root-pw', loginRequest);
    await sessions.end(first.value);
    expect(await sessions.find(first.value)).toBeUndefined();
    expect(await sessions.find(second.value)).toBeUndefined();
    expect(await sessions.find(root.value)).toBeDefined();
    expect(isEnded).toHaveBeenCalledWith(root.session.id);
    expect(await sessions.find((await beginSession(auth)).value)).toBeDefined();
  });
});
