import { hash } from 'bcrypt';
import type { StoredUser, UserSource } from '../../lib/index.js';
import { MemoryUserStore } from '../../lib/index.js';
import type { BcryptRuns } from '../support/count-bcrypt.js';
import { listeningLogger } from '../support/listening-logger.js';
import { basic, openAuth } from '../support/open-auth.js';
import { steadyClock } from '../support/steady-clock.js';

jest.mock('bcrypt', () =>
  jest
    .requireActual<typeof import('../support/count-bcrypt.js')>('../support/count-bcrypt')
    .watchedBcrypt(),
);
const { runs } = jest.requireMock<{ runs: BcryptRuns }>('bcrypt');

const clock = steadyClock();

beforeEach(() => {
  runs.forget();
});

/** A hash of a cost whose comparison would take hours. */
const costly = (cost: number): string => `$2b$${String(cost)}$${'a'.repeat(53)}`;

/** A source that doesn't know its highest cost. */
function source(users: readonly StoredUser[]): UserSource {
  return { find: (name) => users.find((user) => user.name === name) };
}

const user = (name: string, of: string): StoredUser => ({
  name,
  type: 'normal',
  permissions: [],
  hash: of,
});

async function answers(auth: ReturnType<typeof openAuth>, name: string, password: string) {
  const request = { headers: { authorization: basic(name, password) } };
  return Promise.resolve(auth.authenticate(request)).then(
    ({ name: known }) => known,
    (error: unknown) => (error as { code: string }).code,
  );
}

describe('a hash that would take hours to compare', () => {
  it.each([17, 24, 31])('of cost %d is not used, and keeps nobody else waiting', async (cost) => {
    const amys = await hash('amy-pw', 4);
    const logger = listeningLogger();
    const store = source([user('amy', amys), user('eve', costly(cost))]);
    const auth = openAuth({ store, logger });
    for (let time = 0; time < 3; time += 1) {
      expect(await answers(auth, 'eve', `guess ${String(time)}`)).toBe(
        'ERR_KAUTH_STORE_UNAVAILABLE',
      );
    }
    expect(await answers(auth, 'amy', 'amy-pw')).toBe('amy');
    expect(await answers(auth, 'nobody', 'x')).toBe('ERR_KAUTH_FAILED');
    // Said once, and nothing of a store that is down.
    expect(logger.lines).toEqual([
      `error user "eve" can't log in: the user store has a hash of cost ${String(cost)}, above 16`,
    ]);
  });

  it('is used, if bcrypt-cost says so', async () => {
    const store = new MemoryUserStore([{ name: 'eve', hash: await hash('eve-pw', 5) }]);
    expect(await answers(openAuth({ store }), 'eve', 'eve-pw')).toBe('eve');
  });

  it('does not make unknown names cost more than is used', async () => {
    const store: UserSource = { ...source([]), hashCost: 31 };
    const auth = openAuth({ store, auth: { enabled: true, bcryptCost: 4 } });
    runs.pretend(false);
    await answers(auth, 'nobody', 'x');
    expect(runs.compared).toEqual([16]);
  });
});

it('what unknown names cost follows the hashes that are met of late', async () => {
  const store = source([
    user('amy', await hash('amy-pw', 6)),
    user('bob', await hash('bob-pw', 4)),
  ]);
  const auth = openAuth({ store });
  const costOf = async (password: string): Promise<number | undefined> => {
    await answers(auth, 'nobody', password);
    return runs.compared.at(-1);
  };
  await answers(auth, 'bob', 'bob-pw');
  expect(await costOf('one')).toBe(4);
  await answers(auth, 'amy', 'amy-pw');
  expect(await costOf('two')).toBe(6);
  clock.pass(600_001);
  await answers(auth, 'bob', 'bob-pw');
  expect(await costOf('three')).toBe(4);
});
