import { hash } from 'bcrypt';
import { BcryptQueue } from '../../../lib/authenticate/passwords/bcrypt-queue.js';
import { TOLERATED } from '../../../lib/authenticate/passwords/guessers.js';
import { Passwords } from '../../../lib/authenticate/passwords/passwords.js';
import { VerifiedPasswords } from '../../../lib/authenticate/passwords/verified-passwords.js';
import type { MaybePromise } from '../../../lib/maybe-promise.js';
import type { BcryptRuns } from '../../support/count-bcrypt.js';

jest.mock('bcrypt', () =>
  jest
    .requireActual<typeof import('../../support/count-bcrypt.js')>('../../support/count-bcrypt')
    .watchedBcrypt(),
);
const { runs } = jest.requireMock<{ runs: BcryptRuns }>('bcrypt');

const GUESSER = '127.0.0.1';
const OTHER = '127.0.0.2';

describe('on two cores, an address', () => {
  let passwords: Passwords;
  let stored: string;

  beforeAll(async () => {
    stored = await hash('secret', 4);
  });

  beforeEach(() => {
    passwords = new Passwords({
      queue: new BcryptQueue({ concurrency: 2, cores: 2 }),
      verified: new VerifiedPasswords(60_000),
      cost: 4,
      usersCost: () => 4,
    });
  });

  /** Sends as many wrong passwords as make an address a guesser. */
  async function guess(judge: (password: string) => MaybePromise<boolean>): Promise<void> {
    for (let index = 0; index <= TOLERATED; index += 1) await judge(`guess ${String(index)}`);
  }

  /** The passwords of an address that run at once when ten come together. */
  async function atOnce(lane: string): Promise<number> {
    runs.forget();
    const guesses = Array.from({ length: 10 }, (_, index) => `${lane} ${String(index)}`);
    await Promise.all(guesses.map((password) => passwords.verify(stored, { password, lane })));
    return runs.mostAtOnce();
  }

  it('that sent many wrong passwords takes one core, and another address both', async () => {
    await guess((password) => passwords.verify(stored, { password, lane: GUESSER }));
    await expect(atOnce(GUESSER)).resolves.toBe(1);
    await expect(atOnce(OTHER)).resolves.toBe(2);
  });

  it('that tried many passwords of a name that does not exist takes one core', async () => {
    await guess((password) => passwords.refuse('nobody', { password, lane: GUESSER }));
    await expect(atOnce(GUESSER)).resolves.toBe(1);
  });

  it('that sent right passwords alone takes both', async () => {
    await passwords.verify(stored, { password: 'secret', lane: GUESSER });
    await expect(atOnce(GUESSER)).resolves.toBe(2);
  });
});
