import { makeSubscriptionToken } from '../../lib/credentials/subscription-token.js';
import type { KapacitorAuth, KapacitorAuthOptions, UserSource } from '../../lib/index.js';
import { StoreUnavailableError } from '../../lib/index.js';
import { doubtfulSource } from '../support/doubtful-source.js';
import { listeningLogger } from '../support/listening-logger.js';
import { basic, bearer, openAuth, SECRET } from '../support/open-auth.js';
import { steadyClock } from '../support/steady-clock.js';

/** For how long a source is proven fresh, in milliseconds. */
const PROOF = 60_000;

const clock = steadyClock();
const token = makeSubscriptionToken('influx');

interface Memory {
  readonly isVerifying?: boolean;
  /** True if `stale-if-error` never applied to it. */
  readonly isNeverStale?: boolean;
  use(auth: KapacitorAuth): Promise<unknown>;
}

const sending = (authorization: string) => async (auth: KapacitorAuth) =>
  auth.authenticate({ headers: { authorization } });

/** All that is remembered of users, by the way to use it. */
const MEMORIES: Readonly<Record<string, Memory>> = {
  'a name and a password': { use: sending(basic('amy', 'amy-pw')) },
  'a name and a password in the query': {
    use: async (auth) => auth.authenticate({ headers: {}, url: '/ping?u=amy&p=amy-pw' }),
  },
  'a login form': {
    use: (auth) =>
      auth.verify('amy', 'amy-pw', {
        method: 'POST',
        url: '/login',
        headers: {},
        ip: '203.0.113.7',
      }),
  },
  'a password that the source verifies': {
    isVerifying: true,
    use: sending(basic('amy', 'amy-pw')),
  },
  'a token': { use: sending(bearer('amy')) },
  'a subscription token': { isNeverStale: true, use: sending(basic('~subscriber', token)) },
  'the user of a name': {
    use: async (auth) => {
      const user = await auth.find('amy');
      if (user === undefined) throw new Error('refused');
      return user;
    },
  },
};

function open(
  { isVerifying = false }: Partial<Memory> = {},
  { extras = {}, ...options }: KapacitorAuthOptions & { extras?: Partial<UserSource> } = {},
) {
  const told = doubtfulSource({ isVerifying, token }, extras);
  told.state.freshUntil = performance.now() + PROOF;
  const auth = openAuth({
    store: told.source,
    http: { authEnabled: true, sharedSecret: SECRET },
    logger: listeningLogger(),
    ...options,
  });
  return {
    ...told,
    auth,
    /** The proof comes back; nobody is told of anything. */
    heal: () => {
      told.state.freshUntil = performance.now() + PROOF;
    },
  };
}

const staleIfError = (duration: string): KapacitorAuthOptions => ({
  auth: { enabled: true, bcryptCost: 4, staleIfError: duration },
});

describe.each(Object.entries(MEMORIES))('%s', (_what, memory) => {
  const { use } = memory;

  it('is believed while the source is proven fresh, without a question', async () => {
    const { auth, asked, revoke } = open(memory);
    await use(auth);
    asked.length = 0;
    revoke();
    clock.pass(PROOF / 2);
    await use(auth);
    expect(asked).toEqual([]);
  });

  it('is believed as long as ever of a source that needs no proof', async () => {
    const { auth, asked, state } = open(memory);
    state.freshUntil = undefined;
    await use(auth);
    asked.length = 0;
    clock.pass(9 * PROOF);
    await use(auth);
    expect(asked).toEqual([]);
  });

  // No timer runs in between, as in a process that was stopped.
  it.each([PROOF, 5 * PROOF])('is asked for anew %d ms later, at each use', async (later) => {
    const { auth, asked, revoke } = open(memory);
    await use(auth);
    clock.pass(later);
    for (let time = 0; time < 3; time += 1) {
      asked.length = 0;
      await use(auth);
      expect(asked).not.toEqual([]);
      expect(new Set(asked).size).toBe(asked.length);
    }
    revoke();
    await expect(use(auth)).rejects.toThrow();
  });

  it.each([NaN, 0, -Infinity])('is not believed with a proof until %d', async (freshUntil) => {
    const { auth, state, revoke } = open(memory);
    await use(auth);
    state.freshUntil = freshUntil;
    await use(auth);
    revoke();
    await expect(use(auth)).rejects.toThrow();
  });

  it('is not believed again once it was in doubt, though the proof came back', async () => {
    const { auth, revoke, heal } = open(memory);
    await use(auth);
    clock.pass(PROOF);
    await use(auth);
    revoke();
    heal();
    await expect(use(auth)).rejects.toThrow();
  });

  it('is not believed again though another was asked for in doubt', async () => {
    const { auth, revoke, heal } = open(memory);
    await use(auth);
    clock.pass(PROOF);
    await auth.find('root');
    revoke();
    heal();
    await expect(use(auth)).rejects.toThrow();
  });

  it('is remembered again once the proof is back', async () => {
    const { auth, asked, heal, tell } = open(memory);
    await use(auth);
    clock.pass(PROOF);
    await use(auth);
    tell();
    heal();
    asked.length = 0;
    await use(auth);
    expect(asked).not.toEqual([]);
    asked.length = 0;
    await use(auth);
    expect(asked).toEqual([]);
  });

  it('is not kept if the proof was lost while it was asked for', async () => {
    const { auth, state, revoke, heal } = open(memory);
    let release: () => void = () => undefined;
    state.held = new Promise((resolve) => (release = resolve));
    const using = use(auth);
    await auth.ready();
    clock.pass(PROOF);
    release();
    state.held = undefined;
    await using;
    revoke();
    heal();
    await expect(use(auth)).rejects.toThrow();
  });

  it('is refused without a proof while nothing can be asked', async () => {
    const { auth, state } = open(memory);
    await use(auth);
    state.isDown = true;
    clock.pass(PROOF);
    await expect(use(auth)).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  it('is believed for stale-if-error after the loss of the proof, and no longer', async () => {
    const { auth, state, heal } = open(memory, staleIfError('30s'));
    await use(auth);
    state.isDown = true;
    clock.pass(PROOF);
    const served = async (): Promise<boolean> =>
      use(auth).then(
        () => true,
        () => false,
      );
    await expect(served()).resolves.toBe(memory.isNeverStale !== true);
    clock.pass(15_000);
    await expect(served()).resolves.toBe(memory.isNeverStale !== true);
    clock.pass(15_000);
    await expect(served()).resolves.toBe(false);
    // What served in an outage is not believed later either.
    heal();
    await expect(served()).resolves.toBe(false);
  });

  it('is served in an outage as it was last found, even if that was in doubt', async () => {
    const { auth, state, revoke } = open(memory, staleIfError('30s'));
    await use(auth);
    clock.pass(PROOF);
    await use(auth);
    revoke();
    await expect(use(auth)).rejects.toThrow();
    state.isDown = true;
    await expect(use(auth)).rejects.toThrow();
  });
});

describe('without a proof', () => {
  it('many who come at once cost one look-up, and those who come later another', async () => {
    let now = performance.now();
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    const { auth, asked, state } = open();
    const come = async (): Promise<unknown> =>
      Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          auth.authenticate({
            headers: { authorization: basic('amy', 'amy-pw') },
            ip: `203.0.113.${String(index % 5)}`,
          }),
        ),
      );
    await come();
    now += PROOF;
    for (let time = 0; time < 2; time += 1) {
      asked.length = 0;
      await come();
      expect(asked).toEqual(['amy']);
    }
    let release: () => void = () => undefined;
    state.held = new Promise((resolve) => (release = resolve));
    asked.length = 0;
    const early = come();
    now += 1000;
    const late = come();
    release();
    await Promise.all([early, late]);
    expect(asked).toEqual(['amy', 'amy']);
  });

  it('an old password is refused once it was changed, and the new one works', async () => {
    const { auth, setPassword } = open({}, { extras: { mayBeStale: true } });
    await sending(basic('amy', 'amy-pw'))(auth);
    setPassword('amy', 'new-pw');
    await sending(basic('amy', 'amy-pw'))(auth);
    clock.pass(PROOF);
    await expect(sending(basic('amy', 'amy-pw'))(auth)).rejects.toMatchObject({ status: 401 });
    await sending(basic('amy', 'new-pw'))(auth);
  });
});

describe('a source that tells of changes, though they may be on their way', () => {
  it('has a new password work at once, and forgets the old one then', async () => {
    const { auth, setPassword } = open({}, { extras: { mayBeStale: true } });
    await sending(basic('amy', 'amy-pw'))(auth);
    setPassword('amy', 'new-pw');
    await sending(basic('amy', 'new-pw'))(auth);
    await expect(sending(basic('amy', 'amy-pw'))(auth)).rejects.toMatchObject({ status: 401 });
  });

  it('has a new password work though the same was being refused when it was set', async () => {
    const { auth, state, setPassword } = open({}, { extras: { mayBeStale: true } });
    const login = async () =>
      auth.authenticate({
        headers: { authorization: basic('amy', 'new-pw') },
        ip: '203.0.113.7',
      });
    await auth.ready();
    let release: () => void = () => undefined;
    state.held = new Promise((resolve) => (release = resolve));
    const early = expect(login()).rejects.toMatchObject({ status: 401 });
    await new Promise(setImmediate);
    setPassword('amy', 'new-pw');
    const late = login();
    release();
    await early;
    await expect(late).resolves.toMatchObject({ name: 'amy' });
  });
});
