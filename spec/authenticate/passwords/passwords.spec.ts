import { compare, hash } from 'bcrypt';
import fc from 'fast-check';
import { BcryptQueue } from '../../../lib/authenticate/passwords/bcrypt-queue.js';
import { dummyHash } from '../../../lib/authenticate/passwords/dummy-hash.js';
import { Passwords } from '../../../lib/authenticate/passwords/passwords.js';
import { VerifiedPasswords } from '../../../lib/authenticate/passwords/verified-passwords.js';
import { Tally } from '../../../lib/observe/tally.js';
import { isBcryptHash } from '../../../lib/stores/rules/bcrypt-hash.js';
import type { BcryptRuns } from '../../support/count-bcrypt.js';

jest.mock('bcrypt', () =>
  jest
    .requireActual<typeof import('../../support/count-bcrypt.js')>('../../support/count-bcrypt')
    .watchedBcrypt(),
);
const { runs } = jest.requireMock<{ runs: BcryptRuns }>('bcrypt');

const lane = '127.0.0.1';
let hash4: string;

function make({
  expiration = 60_000,
  cost = 4,
  usersCost = 0,
  concurrency = 2,
  tally = new Tally(),
} = {}) {
  return new Passwords({
    queue: new BcryptQueue({ concurrency }),
    verified: new VerifiedPasswords(expiration),
    cost,
    usersCost: () => usersCost,
    tally,
  });
}

beforeAll(async () => {
  hash4 = await hash('secret', 4);
});

beforeEach(() => {
  runs.forget();
});

describe('verifying a password', () => {
  it.each(['$2a$', '$2b$', '$2y$'])('works with hashes that begin with %s', async (prefix) => {
    const other = prefix + hash4.slice(4);
    await expect(make().verify(other, { password: 'secret', lane })).resolves.toBe(true);
    await expect(make().verify(other, { password: 'Secret', lane })).resolves.toBe(false);
  });

  it('costs one bcrypt for all who ask at once, and none for who asks again', async () => {
    const passwords = make();
    const attempts = Array.from({ length: 100 }, () =>
      passwords.verify(hash4, { password: 'secret', lane }),
    );
    expect(new Set(await Promise.all(attempts))).toEqual(new Set([true]));
    expect(passwords.verify(hash4, { password: 'secret', lane })).toBe(true);
    expect(runs.compared).toEqual([4]);
  });

  it('never takes one user for another, however names and hashes are put together', async () => {
    const passwords = make();
    const [one, other] = await Promise.all([hash('ab', 4), hash('b', 4)]);
    await expect(passwords.verify(one, { password: 'ab', lane })).resolves.toBe(true);
    await expect(passwords.verify(other, { password: 'ab', lane })).resolves.toBe(false);
    await expect(passwords.verify(other, { password: 'b', lane })).resolves.toBe(true);
    expect(passwords.verify(one, { password: 'ab', lane })).toBe(true);
  });

  it('remembers nothing when nothing may be cached', async () => {
    const passwords = make({ expiration: 0 });
    for (let time = 0; time < 3; time += 1) {
      await expect(passwords.verify(hash4, { password: 'secret', lane })).resolves.toBe(true);
    }
    expect(runs.compared).toHaveLength(3);
  });

  it('does not forget right passwords for any number of wrong ones', async () => {
    const verified = new VerifiedPasswords(60_000);
    const right = verified.key('hash', hash4, 'secret');
    verified.remember(right, true);
    for (let time = 0; time < 100_000; time += 1) verified.remember(`wrong ${String(time)}`, false);
    expect(verified.recall(right)).toBe(true);
    expect(verified.recall('wrong 0')).toBeUndefined();
    expect(verified.recall('wrong 99999')).toBe(false);
  });

  it('runs no more bcrypts at a time than the queue allows', async () => {
    const passwords = make({ concurrency: 2 });
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        passwords.verify(hash4, { password: `wrong ${String(index)}`, lane }),
      ),
    );
    expect(runs.mostAtOnce()).toBe(2);
  });
});

describe('a password of more than 72 bytes', () => {
  const long = 'x'.repeat(72);

  it.each([`${long}y`, 'ä'.repeat(37), long.repeat(100)])(
    'never matches (%#)',
    async (password) => {
      const hashed = await hash(password.slice(0, 72), 4);
      await expect(make().verify(hashed, { password, lane })).resolves.toBe(false);
      // The work is done all the same: its absence would tell.
      expect(runs.compared).toEqual([4]);
    },
  );

  it('can not be set', async () => {
    await expect(make().hash(`${long}y`, lane)).rejects.toMatchObject({
      code: 'ERR_KAUTH_INVALID_REQUEST',
      status: 400,
    });
    await expect(make().hash('ä'.repeat(37), lane)).rejects.toThrow('72 bytes');
    await expect(make().hash(long, lane)).resolves.toMatch(/^\$2b\$04\$/);
  });

  it.each([
    ['empty', '', 'password is required'],
    ['with a line break', 'a\nb', 'control characters'],
    ['with half a character', 'a\ud800', 'broken Unicode'],
  ])('and one %s can not be set', async (_what, password, problem) => {
    await expect(make().hash(password, lane)).rejects.toThrow(problem);
  });
});

describe('failing', () => {
  /** 2^cost rounds a comparison. */
  const work = () => runs.compared.reduce((sum, cost) => sum + 2 ** cost, 0);

  it.each([
    [
      'an unknown name',
      (passwords: Passwords) => passwords.refuse('nobody', { password: 'x', lane }),
    ],
    [
      'a wrong password',
      (passwords: Passwords) => passwords.verify(hash4, { password: 'x', lane }),
    ],
    [
      'a wrong password of a costlier hash',
      async (passwords: Passwords) =>
        passwords.verify(await hash('secret', 6), { password: 'x', lane }),
    ],
    [
      'a password too long',
      (passwords: Passwords) => passwords.verify(hash4, { password: 'x'.repeat(80), lane }),
    ],
    [
      'a password too long for an unknown name',
      (passwords: Passwords) => passwords.refuse('nobody', { password: 'x'.repeat(80), lane }),
    ],
  ])('by %s costs as much as the costliest hash in use', async (_how, fail) => {
    await expect(fail(make({ usersCost: 7 }))).resolves.toBe(false);
    expect(work()).toBe(2 ** 7);
  });

  it('costs what was seen where a store does not know its hashes, and the configured cost before', async () => {
    const passwords = make({ cost: 5 });
    await passwords.refuse('nobody', { password: 'x', lane });
    expect(work()).toBe(2 ** 5);
    runs.forget();
    await passwords.verify(await hash('secret', 6), { password: 'secret', lane });
    runs.forget();
    await passwords.refuse('nobody', { password: 'y', lane });
    expect(work()).toBe(2 ** 6);
  });

  it('costs one bcrypt for all who try the same unknown name at once', async () => {
    const passwords = make();
    const attempts = Array.from({ length: 50 }, () =>
      passwords.refuse('nobody', { password: 'x', lane }),
    );
    expect(new Set(await Promise.all(attempts))).toEqual(new Set([false]));
    expect(runs.compared).toHaveLength(1);
  });

  it('is never undone: the password of the dummy itself does not let in', async () => {
    runs.pretend(true);
    await expect(
      make({ usersCost: 4 }).refuse('nobody', { password: 'of the dummy', lane }),
    ).resolves.toBe(false);
    expect(runs.compared).toEqual([4]);
  });
});

describe('a dummy hash', () => {
  it.each([4, 10, 31])('of cost %i is a valid hash', (cost) => {
    const dummy = dummyHash(cost);
    expect(isBcryptHash(dummy)).toBe(true);
    expect(Number(dummy.slice(4, 6))).toBe(cost);
    expect(dummyHash(cost)).not.toBe(dummy);
  });

  it('takes bcrypt through its work', async () => {
    await expect(compare('anything', dummyHash(4))).resolves.toBe(false);
  });
});

describe('the key of a verified password', () => {
  it('is shared by no two different lists of parts', () => {
    const verified = new VerifiedPasswords(1000);
    const parts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ':', '\0', '') }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(verified.key(...one) === verified.key(...other)).toBe(isSame);
      }),
      { numRuns: 1000 },
    );
  });

  it('is another in every process, and says nothing of the password', () => {
    const key = new VerifiedPasswords(1000).key('hash', hash4, 'secret');
    expect(new VerifiedPasswords(1000).key('hash', hash4, 'secret')).not.toBe(key);
    expect(key).not.toContain('secret');
  });
});

describe('a password that was found right before', () => {
  it.each([
    ['by its hash', true],
    ['by asking', false],
  ])('%s is known, and no other', async (_how, byHash) => {
    const passwords = make();
    const hash = byHash ? hash4 : '';
    const version = 1;
    const isKnown = (password: string, name = 'bob', of = hash) =>
      passwords.recall({ hash: of, name, password, version }) !== undefined;
    expect(isKnown('secret')).toBe(false);
    if (byHash) {
      await passwords.verify(hash4, { password: 'wrong', lane });
      await passwords.verify(hash4, { password: 'secret', lane });
    } else {
      await passwords.ask('bob', { password: 'wrong', version }, () => false);
      await passwords.ask('bob', { password: 'secret', version }, () => true);
    }
    expect(isKnown('secret')).toBe(true);
    expect(isKnown('wrong')).toBe(false);
    expect(isKnown('secret', 'bob', byHash ? '' : hash4)).toBe(false);
    expect(isKnown('secret', 'eve')).toBe(byHash);
  });

  it('by asking counts for the version of the users that it was asked for, and until it expires', async () => {
    const passwords = make({ expiration: 60_000 });
    const before = performance.now();
    await passwords.ask('bob', { password: 'secret', version: 1 }, () => true);
    const recall = (version: number) =>
      passwords.recall({ hash: '', name: 'bob', password: 'secret', version });
    const [first, later] = [recall(1), recall(1)];
    expect(recall(2)).toBeUndefined();
    expect(first).toBeGreaterThanOrEqual(before + 59_000);
    // Asked for again it counts no longer.
    expect(Math.abs(Number(later) - Number(first))).toBeLessThan(100);
  });

  it('by its hash counts as long as there is that hash', async () => {
    const passwords = make();
    await passwords.verify(hash4, { password: 'secret', lane });
    const known = { hash: hash4, name: 'bob', password: 'secret', version: 7 };
    expect(passwords.recall(known)).toBe(Infinity);
  });
});

it('each run of bcrypt is counted, and how long it took', async () => {
  const tally = new Tally();
  const passwords = make({ tally });
  await passwords.verify(hash4, { password: 'secret', lane });
  await passwords.hash('secret', lane);
  await passwords.refuse('nobody', { password: 'secret', lane });
  expect(tally.bcrypt.count).toBe(3);
  expect(tally.bcrypt.seconds).toBeGreaterThan(0);
});
