import { FailureMemory } from '../../../lib/authenticate/throttle/failure-memory.js';
import type { MisuseError, ThrottleStore, UserSource } from '../../../lib/index.js';
import { MemoryUserStore } from '../../../lib/index.js';
import type { BcryptRuns } from '../../support/count-bcrypt.js';
import { listeningLogger } from '../../support/listening-logger.js';
import { openAuth, people } from '../../support/open-auth.js';
import { steadyClock } from '../../support/steady-clock.js';
import { ELSEWHERE, FAILED, HERE, login, range, tally, THROTTLED } from './guesses.js';

jest.mock('bcrypt', () =>
  jest
    .requireActual<typeof import('../../support/count-bcrypt.js')>('../../support/count-bcrypt')
    .watchedBcrypt(),
);
// Refusals are held by the clock of the world, of which this has no need.
jest.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));
const { runs } = jest.requireMock<{ runs: BcryptRuns }>('bcrypt');

beforeEach(() => {
  runs.forget();
});

const clock = steadyClock();

describe('a throttleStore', () => {
  /** A counter as another process has it, over the network. */
  function remote(): { readonly store: ThrottleStore; readonly state: { isDown: boolean } } {
    const counters = new Map<string, FailureMemory>();
    const state = { isDown: false };
    const later = async <T>(work: () => T): Promise<T> => {
      await new Promise((resolve) => setImmediate(resolve));
      if (state.isDown) throw new Error('connection refused');
      return work();
    };
    const store: ThrottleStore = ({ keyPrefix, duration }) => {
      const memory = counters.get(keyPrefix) ?? new FailureMemory({ window: duration * 1000 });
      counters.set(keyPrefix, memory);
      return {
        penalty: (key, points) => later(() => memory.penalty(key, points)),
        reward: (key, points) =>
          later(() => {
            memory.reward(key, points);
          }),
        delete: (key) =>
          later(() => {
            memory.delete(key);
          }),
      };
    };
    return { store, state };
  }

  it('is shared by processes, and told each limit', async () => {
    const { store } = remote();
    const throttleStore = jest.fn(store);
    const [one, other] = [openAuth({ throttleStore }), openAuth({ throttleStore })];
    expect(throttleStore.mock.calls.slice(0, 2)).toEqual([
      [{ keyPrefix: 'kapacitor_auth_user', points: 10, duration: 60 }],
      [{ keyPrefix: 'kapacitor_auth_address', points: 100, duration: 60 }],
    ]);
    const guesses = range(100).map((guess) =>
      login(guess % 2 === 0 ? one : other, 'amy', `guess ${String(guess)}`, HERE),
    );
    const { [FAILED]: failed = 0, [THROTTLED]: throttled = 0 } = tally(await Promise.all(guesses));
    expect([failed <= 10, failed + throttled]).toEqual([true, 100]);
    for (const guess of range(10)) await login(one, 'amy', `more ${String(guess)}`, HERE);
    expect(await login(other, 'amy', 'amy-pw', HERE)).toBe(THROTTLED);
    clock.pass(60_001);
    expect(await login(other, 'amy', 'amy-pw', HERE)).toBe('amy');
  });

  it('that fails is replaced by this process’ memory until it works again', async () => {
    const { store, state } = remote();
    const logger = listeningLogger();
    const auth = openAuth({ throttleStore: store, logger });
    state.isDown = true;
    expect(await login(auth, 'root', 'root-pw', ELSEWHERE)).toBe('root');
    for (const guess of range(10)) await login(auth, 'amy', `guess ${String(guess)}`, HERE);
    expect(await login(auth, 'amy', 'amy-pw', HERE)).toBe(THROTTLED);
    expect(logger.lines).toEqual([
      expect.stringMatching(/^warn WRN_KAUTH_THROTTLE_STORE: .*this process only$/),
    ]);
    state.isDown = false;
    clock.pass(5_001);
    expect(await login(auth, 'amy', 'amy-pw', HERE)).toBe('amy');
  });

  it('that fails is told with the reason once the store is open, before anybody logs in', async () => {
    const broken = (problem: Error): ThrottleStore => {
      const fail = () => Promise.reject(problem);
      return () => ({ penalty: fail, reward: fail, delete: fail });
    };
    const told = async (problem: Error) => {
      const logger = listeningLogger();
      const auth = openAuth({ throttleStore: broken(problem), logger });
      await auth.ready();
      await auth.ready();
      return logger.lines;
    };
    expect(await told(new TypeError('this.client.rlflxIncr is not a function'))).toEqual([
      "warn WRN_KAUTH_THROTTLE_STORE: failed logins can't be counted together with other processes: " +
        'this.client.rlflxIncr is not a function; until they can, they are counted in this process only',
    ]);
    const refused = Object.assign(new Error('redis://:s3cret@db'), { code: 'ECONNREFUSED' });
    expect((await told(refused)).join()).toMatch(/other processes: Error ECONNREFUSED; /);
  });

  it('that works is tried without using up what may fail', async () => {
    const { store } = remote();
    const logger = listeningLogger();
    const throttle = { failuresPerUser: 1, failuresPerAddress: 1 };
    const auth = openAuth({ throttleStore: store, throttle, logger });
    await auth.ready();
    expect(await login(auth, 'amy', 'wrong', HERE)).toBe(FAILED);
    expect(await login(auth, 'amy', 'amy-pw', HERE)).toBe(THROTTLED);
    expect(logger.lines).toEqual([]);
  });

  it('of the users’ store counts for all that share it, once that is open', async () => {
    const { store } = remote();
    const users = new MemoryUserStore(people);
    const shared = (): UserSource => ({
      find: (name) => users.find(name),
      open: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        await users.open();
      },
      failures: store,
    });
    const [one, other] = [openAuth({ store: shared() }), openAuth({ store: shared() })];
    const guesses = range(30).map((guess) =>
      login(guess % 2 === 0 ? one : other, 'amy', `guess ${String(guess)}`, HERE),
    );
    const { [FAILED]: failed = 0, [THROTTLED]: throttled = 0 } = tally(await Promise.all(guesses));
    expect([failed <= 10, failed + throttled]).toEqual([true, 30]);
    const alone = openAuth({ store: shared(), throttle: { store: 'memory' } });
    expect(await login(alone, 'amy', 'amy-pw', HERE)).toBe('amy');
  });

  it.each([
    ['nothing', undefined],
    ['a client', { get: () => 1 }],
    ['a text', 'redis'],
  ])('that makes %s is refused at once', (_what, made) => {
    const options = [{ throttleStore: () => made }];
    expect(() => Reflect.apply(openAuth, undefined, options)).toThrow(
      expect.objectContaining<Partial<MisuseError>>({ code: 'ERR_KAUTH_MISUSE' }),
    );
  });
});
