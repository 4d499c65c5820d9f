import fc from 'fast-check';
import type { UserSource } from '../../../lib/index.js';
import { MemoryUserStore, StoreUnavailableError } from '../../../lib/index.js';
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

steadyClock();
const OVERLOADED = 'ERR_KAUTH_OVERLOADED';

describe('many logins at once', () => {
  it('let through no more guesses than may fail', async () => {
    const auth = openAuth();
    const guesses = range(1000).map((guess) => login(auth, 'amy', `guess ${String(guess)}`, HERE));
    expect(tally(await Promise.all(guesses))).toEqual({ [FAILED]: 10, [THROTTLED]: 990 });
    expect(runs.compared).toHaveLength(10);
  });

  it('let through no more guesses of many names from one address than may fail', async () => {
    const auth = openAuth();
    const guesses = range(1000).map((guess) => login(auth, `user ${String(guess)}`, 'x', HERE));
    expect(tally(await Promise.all(guesses))).toEqual({ [FAILED]: 100, [THROTTLED]: 900 });
    expect(runs.compared).toHaveLength(100);
  });

  it.each(['10m', '0s'])(
    'of one user with the right password all pass, cached for %s',
    async (cacheExpiration) => {
      // Which tells somebody else that nothing is cached.
      const logger = listeningLogger();
      const auth = openAuth({ auth: { bcryptCost: 4, cacheExpiration }, logger });
      const logins = range(1000).map(() => login(auth, 'amy', 'amy-pw', HERE));
      expect(tally(await Promise.all(logins))).toEqual({ amy: 1000 });
      expect(runs.compared).toHaveLength(1);
    },
  );

  it('of many users from one address pass, more than may fail', async () => {
    const names = range(250).map((index) => `user-${String(index)}`);
    const users = names.map((name) => ({ name, password: `${name}-pw` }));
    const auth = openAuth({ store: new MemoryUserStore(users) });
    const logins = names.map((name) => login(auth, name, `${name}-pw`, HERE));
    expect(await Promise.all(logins)).toEqual(names);
  });

  it('with the same wrong password cost one bcrypt, and count once', async () => {
    const auth = openAuth();
    const logins = range(50).map(() => login(auth, 'amy', 'wrong', HERE));
    expect(tally(await Promise.all(logins))).toEqual({ [FAILED]: 50 });
    expect(runs.compared).toHaveLength(1);
    expect(await login(auth, 'amy', 'amy-pw', HERE)).toBe('amy');
  });

  it('are refused at once beyond those that may wait', async () => {
    const known = new MemoryUserStore(people);
    await known.open();
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => (answer = resolve));
    const store: UserSource = {
      find: async (name) => {
        await asked;
        return known.find(name);
      },
    };
    const auth = openAuth({ store, throttle: { failuresPerUser: 4 } });
    await auth.ready();
    const guesses = range(100).map((guess) => login(auth, 'amy', `guess ${String(guess)}`, HERE));
    // Of all others nobody has an answer yet.
    expect(tally(await Promise.all(guesses.slice(12)))).toEqual({ [THROTTLED]: 88 });
    answer();
    expect(tally(await Promise.all(guesses))).toEqual({ [FAILED]: 4, [THROTTLED]: 96 });
  });

  it('of a right password among guesses are judged by their turn', async () => {
    const auth = openAuth();
    const guesses = range(9).map((guess) => login(auth, 'amy', `guess ${String(guess)}`, HERE));
    const right = range(20).map(() => login(auth, 'amy', 'amy-pw', HERE));
    expect(tally(await Promise.all([...guesses, ...right]))).toEqual({ [FAILED]: 9, amy: 20 });
  });
});

describe('a victim', () => {
  const name = fc.constantFrom('amy', 'root', 'nobody');
  const attack = fc.record({ name, password: fc.constantFrom('a', 'b', 'c', 'd') });

  it('is never refused elsewhere, whatever strangers try', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(attack, { minLength: 1, maxLength: 40 }),
        fc.constantFrom('amy', 'root'),
        async (attacks, victim) => {
          const auth = openAuth({ throttle: { failuresPerUser: 2, failuresPerAddress: 4 } });
          for (const tried of attacks) await login(auth, tried.name, tried.password, HERE);
          expect(await login(auth, victim, `${victim}-pw`, ELSEWHERE)).toBe(victim);
          await auth.close();
        },
      ),
      { numRuns: 50 },
    );
  });

  it('whose address nobody knows can’t be locked out', async () => {
    const auth = openAuth();
    for (const guess of range(30)) await login(auth, 'amy', `guess ${String(guess)}`);
    expect(await login(auth, 'amy', 'amy-pw')).toBe('amy');
  });
});

describe('an attempt that nobody could judge', () => {
  it('counts against the user, if the store is unavailable: else guesses would be free meanwhile', async () => {
    const known = new MemoryUserStore(people);
    await known.open();
    let isBroken = true;
    const store: UserSource = {
      find: (name) => {
        if (isBroken) throw new StoreUnavailableError('the disk is gone');
        return known.find(name);
      },
    };
    const auth = openAuth({ store, throttle: { failuresPerAddress: 11 } });
    const guesses = range(30).map((guess) => login(auth, 'amy', `guess ${String(guess)}`, HERE));
    expect(tally(await Promise.all(guesses))).toEqual({
      ERR_KAUTH_STORE_UNAVAILABLE: 10,
      [THROTTLED]: 20,
    });
    isBroken = false;
    expect(await login(auth, 'amy', 'amy-pw', HERE)).toBe(THROTTLED);
    // Others at the address are not locked out by an outage.
    for (const guess of range(3)) await login(auth, 'root', `guess ${String(guess)}`, HERE);
    expect(await login(auth, 'root', 'root-pw', HERE)).toBe('root');
  });

  it('does not lock out who tried again and again with the right password', async () => {
    const known = new MemoryUserStore(people);
    await known.open();
    let isBroken = true;
    const store: UserSource = {
      find: (name) => {
        if (isBroken) throw new StoreUnavailableError('the disk is gone');
        return known.find(name);
      },
    };
    const auth = openAuth({ store });
    for (const time of range(30)) {
      const answer = await login(auth, 'amy', 'amy-pw', HERE);
      expect([time, answer]).toEqual([time, 'ERR_KAUTH_STORE_UNAVAILABLE']);
    }
    isBroken = false;
    expect(await login(auth, 'amy', 'amy-pw', HERE)).toBe('amy');
  });

  it('counts against the user, if too many wait for bcrypt: else guesses would be free meanwhile', async () => {
    const auth = openAuth({ throttle: { failuresPerUser: 1, failuresPerAddress: 1 } });
    const addresses = range(600).map(
      (index) => `10.0.${String(index >> 8)}.${String(index & 255)}`,
    );
    const attempts = addresses.map((address) => login(auth, 'amy', `from ${address}`, address));
    const answers = await Promise.all(attempts);
    const { [FAILED]: failed = 0, [OVERLOADED]: overloaded = 0 } = tally(answers);
    expect([failed + overloaded, failed > 0, overloaded > 0]).toEqual([600, true, true]);
    for (const answer of [FAILED, OVERLOADED]) {
      const address = addresses[answers.indexOf(answer)];
      expect(await login(auth, 'amy', 'another', address)).toBe(THROTTLED);
      const atAddress = answer === FAILED ? THROTTLED : FAILED;
      expect(await login(auth, 'root', 'another', address)).toBe(atAddress);
    }
  });
});
