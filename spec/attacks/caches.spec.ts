import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hashSync } from 'bcrypt';
import fc from 'fast-check';
import type { KapacitorAuth, MemoryUser, StoredUser, UserStore } from '../../lib/index.js';
import { FileUserStore, MemoryUserStore, SqliteUserStore } from '../../lib/index.js';
import type { BcryptRuns } from '../support/count-bcrypt.js';
import { basic, bearer, openAuth, SECRET } from '../support/open-auth.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

jest.mock('bcrypt', () =>
  jest
    .requireActual<typeof import('../support/count-bcrypt.js')>('../support/count-bcrypt')
    .watchedBcrypt(),
);
const { runs } = jest.requireMock<{ runs: BcryptRuns }>('bcrypt');

beforeEach(() => {
  runs.forget();
});

/** The name of the user that credentials let in; undefined for nobody. */
async function whom(auth: KapacitorAuth, name: string, password: string) {
  return Promise.resolve(
    auth.authenticate({ headers: { authorization: basic(name, password) } }),
  ).then(
    (user) => user.name,
    (error: unknown) => {
      expect(error).toMatchObject({ status: 401 });
      return undefined;
    },
  );
}

/** A password that is another's name, one that goes on where the other ends, and a user named like a part of a key. */
const PAIRS: readonly (readonly [name: string, password: string])[] = [
  ['amy', 'pw'],
  ['am', 'ypw'],
  ['a', 'mypw'],
  ['amyp', 'w'],
  ['hash', 'amy'],
  ['pw', 'amy'],
];
const HASHES = PAIRS.map(([, password]) => hashSync(password, 4));
const USERS: readonly MemoryUser[] = PAIRS.map(([name], index) => ({ name, hash: HASHES[index] }));

describe('whatever has been tried before, at once or in turn', () => {
  it('a name and a password let in just whom they belong to, who knows the hashes too', async () => {
    const hashes = HASHES.flatMap((hash) => [hash, hash.slice(0, 29), hash.slice(29)]);
    const piece = fc.constantFrom(
      ...PAIRS.flat(),
      ...hashes,
      'no user',
      'asked',
      '\0',
      '\u0003',
      '0000003c',
    );
    const text = fc
      .array(piece, { minLength: 1, maxLength: 4 })
      .map((pieces) => pieces.join(''))
      .filter((joined) => !/\p{Cc}/u.test(joined));
    const guess = fc.tuple(fc.oneof(fc.constantFrom(...PAIRS.map(([name]) => name)), text), text);
    const tries = fc.array(fc.oneof(guess, fc.constantFrom(...PAIRS)), {
      minLength: 1,
      maxLength: 12,
    });
    const belongs = (name: string, password: string) =>
      PAIRS.some((pair) => pair[0] === name && pair[1] === password);
    const auth = openAuth({ store: new MemoryUserStore(USERS) });
    await fc.assert(
      fc.asyncProperty(tries, fc.boolean(), async (all, atOnce) => {
        const attempt = async ([name, password]: readonly [string, string]) => {
          const expected = belongs(name, password) ? name : undefined;
          expect(await whom(auth, name, password)).toBe(expected);
        };
        if (atOnce) await Promise.all(all.map(attempt));
        else for (const one of all) await attempt(one);
      }),
      { numRuns: 200 },
    );
  });

  it('who knows a hash can not prepare what its user is then let in by (CVE-2022-46146)', async () => {
    const [hash = ''] = HASHES;
    const auth = openAuth({ store: new MemoryUserStore(USERS) });
    // Names and passwords that put together are what a careless key of amy's login is.
    const whole = `amy${hash}wrong`;
    for (let cut = 0; cut <= whole.length; cut += 1) {
      await whom(auth, whole.slice(0, cut), whole.slice(cut));
    }
    expect(await whom(auth, 'amy', 'wrong')).toBeUndefined();
    expect(await whom(auth, 'amy', hash)).toBeUndefined();
    expect(await whom(auth, `amy${hash}`, '')).toBeUndefined();
    expect(await whom(auth, 'amy', 'pw')).toBe('amy');
  });
});

describe('a comparison that comes out true', () => {
  it('lets in no unknown name: it was with a hash that stands for nobody', async () => {
    const auth = openAuth({ store: new MemoryUserStore(USERS) });
    runs.pretend(true);
    expect(await whom(auth, 'nobody', 'of the dummy')).toBeUndefined();
    expect(await whom(auth, 'nobody', 'of the dummy')).toBeUndefined();
    expect(runs.compared.length).toBeGreaterThan(0);
  });

  it('lets in nobody with a password of which bcrypt reads a part only', async () => {
    const auth = openAuth({ store: new MemoryUserStore(USERS) });
    runs.pretend(true);
    expect(await whom(auth, 'amy', 'x'.repeat(73))).toBeUndefined();
    expect(await whom(auth, 'amy', 'x'.repeat(72))).toBe('amy');
  });
});

describe('a wrong password', () => {
  // bcrypt reads 72 bytes: where the name was part of what it is given, a long one left none of the password.
  it.each([1, 51, 52, 53, 71, 72, 73, 150, 300, 1024])(
    'is never right for a name of %i bytes',
    async (length) => {
      const name = 'n'.repeat(length);
      const store = new MemoryUserStore([{ name, password: 'right' }]);
      const auth = openAuth({ store });
      expect(await whom(auth, name, 'wrong')).toBeUndefined();
      expect(await whom(auth, name, 'right')).toBe(name);
      for (const wrong of ['wrong', '', 'righ', 'rightt', 'Right']) {
        expect(await whom(auth, name, wrong)).toBeUndefined();
      }
      expect(await whom(auth, `${name}n`, 'right')).toBeUndefined();
    },
  );

  it.each([
    ['71 bytes and one more', 'é'.repeat(35) + 'x', 'é'.repeat(35) + 'y'],
    ['72 bytes and half a letter more', 'é'.repeat(36), `${'é'.repeat(36)}é`],
    ['72 bytes of three-byte letters', '語'.repeat(24), `${'語'.repeat(24)}x`],
    ['72 bytes of four-byte letters', '𝐀'.repeat(18), `${'𝐀'.repeat(18)}𝐀`],
    ['70 bytes and a letter across the 72nd', 'x'.repeat(70), `${'x'.repeat(70)}語`],
    ['71 bytes and a letter across the 72nd', 'x'.repeat(71), `${'x'.repeat(71)}é`],
  ])('is never right for one of %s', async (_what, right, wrong) => {
    const auth = openAuth({ store: new MemoryUserStore([{ name: 'amy', password: right }]) });
    expect(await whom(auth, 'amy', wrong)).toBeUndefined();
    expect(await whom(auth, 'amy', right)).toBe('amy');
    expect(await whom(auth, 'amy', wrong)).toBeUndefined();
  });
});

describe('what another process does to a user who is remembered', () => {
  const folder = temporaryFolder();
  const stores: readonly (readonly [string, () => UserStore])[] = [
    ['a file', () => new FileUserStore(join(folder, 'users.json'))],
    ['SQLite', () => new SqliteUserStore(join(folder, 'users.db'))],
  ];
  const [oldHash, newHash] = [hashSync('old', 4), hashSync('new', 4)];
  const amy: StoredUser = { name: 'amy', type: 'normal', hash: oldHash, permissions: ['api'] };

  it.each(stores)('counts here within a second or so: %s', async (_where, make) => {
    const elsewhere = make();
    await elsewhere.open?.();
    await elsewhere.create(amy);
    const auth = openAuth({ store: make() });
    const untilRefused = (password: string) =>
      until(
        'the change of another process counts',
        async () => (await whom(auth, 'amy', password)) === undefined,
      );
    for (let time = 0; time < 3; time += 1) {
      expect(await whom(auth, 'amy', 'old')).toBe('amy');
      expect(await whom(auth, 'amy', 'new')).toBeUndefined();
    }

    await elsewhere.update('amy', { hash: newHash });
    await untilRefused('old');
    expect(await whom(auth, 'amy', 'new')).toBe('amy');
    expect(await whom(auth, 'amy', 'old')).toBeUndefined();

    await elsewhere.delete('amy');
    await untilRefused('new');
    await elsewhere.create(amy);
    const isIn = async () => (await whom(auth, 'amy', 'old')) === 'amy';
    await until('a user that another process has added is let in', isIn);
    expect(await whom(auth, 'amy', 'new')).toBeUndefined();
    await elsewhere.close?.();
  });
});

describe('a wall clock that goes back', () => {
  const DAY = 86_400_000;
  let steady: number;
  let wall: number;

  beforeEach(() => {
    steady = performance.now();
    wall = Date.now();
    jest.spyOn(performance, 'now').mockImplementation(() => steady);
    jest.spyOn(Date, 'now').mockImplementation(() => wall);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('makes nobody remembered for longer', async () => {
    const store = new MemoryUserStore([{ name: 'amy', password: 'pw' }]);
    const find = jest.spyOn(store, 'find');
    const auth = openAuth({
      store,
      auth: { enabled: true, bcryptCost: 4, cacheExpiration: '1m' },
    });
    await whom(auth, 'amy', 'pw');
    await whom(auth, 'amy', 'wrong');
    find.mockClear();
    runs.forget();

    wall -= DAY;
    steady += 59_000;
    expect(await whom(auth, 'amy', 'pw')).toBe('amy');
    expect(await whom(auth, 'amy', 'wrong')).toBeUndefined();
    expect([find.mock.calls.length, runs.compared.length]).toEqual([0, 0]);

    steady += 2_000;
    // The memory of passwords reads its clock once a millisecond.
    await delay(5);
    expect(await whom(auth, 'amy', 'pw')).toBe('amy');
    expect(await whom(auth, 'amy', 'wrong')).toBeUndefined();
    expect([find.mock.calls.length, runs.compared.length]).toEqual([1, 2]);
  });

  it('makes a token that expired good again, as tokens go by no other clock', async () => {
    const auth = openAuth({ http: { authEnabled: true, sharedSecret: SECRET } });
    const headers = { authorization: bearer('amy', 100) };
    const outcome = () =>
      Promise.resolve(auth.authenticate({ headers })).then(
        ({ name }) => name,
        () => undefined,
      );
    expect(await outcome()).toBe('amy');
    wall += 101_000;
    expect(await outcome()).toBeUndefined();
    wall -= DAY;
    expect(await outcome()).toBe('amy');
  });
});
