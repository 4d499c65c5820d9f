import { join } from 'node:path';
import fc from 'fast-check';
import Database from 'libsql';
import { KapacitorAuthError } from '../../../lib/errors.js';
import { MemoryUserStore } from '../../../lib/stores/memory-store.js';
import { parseNamePattern } from '../../../lib/stores/rules/name-pattern.js';
import { SqliteUserStore } from '../../../lib/stores/sqlite-store.js';
import type { UserStore } from '../../../lib/stores/user-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
const HASHES = ['04', '05'].map((cost) => `$2b$${cost}$${'a'.repeat(53)}`);
const [HASH = ''] = HASHES;

/** 20,000 different names that are neither in order nor spread evenly over it. */
function manyNames(): readonly string[] {
  const letters = ['a', 'B', 'b', 'é', 'ж', 'ﾱ', '𝐀', '0', '-', '.', '_', '@'];
  return Array.from({ length: 20_000 }, (_, index) => {
    const mixed = (index * 7919) % 20_000;
    const head = mixed % 3 === 0 ? (letters[mixed % letters.length] ?? '') : 'user';
    return `${head}${String(mixed)}`;
  });
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe('a long list of users', () => {
  const path = join(folder, 'many.db');
  const store = new SqliteUserStore(path);
  let database: Database.Database;
  let names: readonly string[];

  beforeAll(async () => {
    await store.open();
    database = new Database(path);
    names = [...manyNames()].sort(byBytes);
    const insert = database.prepare(
      `INSERT INTO users (name, type, hash, permissions) VALUES (?, 'normal', '${HASH}', 'api')`,
    );
    database.exec('BEGIN');
    for (const name of manyNames()) insert.run(name);
    database.exec('COMMIT');
  });

  afterAll(async () => {
    database.close();
    await store.close();
  });

  const namesListed = async (options?: Parameters<UserStore['list']>[0]) =>
    (await store.list(options)).map(({ name }) => name);

  const PATTERNS = [
    ...['user1*', '*9*9*', '[a-zж]*', '𝐀1*'],
    ...['*1?3*', '[^u]*[0-4]', '\\user77*', 'user12345', 'nobody*'],
    '?'.repeat(256),
    '?'.repeat(9),
    '*?*?*?*?*?*?*?',
    '*12*',
    `${'*1'.repeat(30)}*`,
  ];

  async function expectAll(patterns: readonly string[]) {
    expect((await namesListed()).join()).toBe(names.join());
    expect(await namesListed({ offset: names.length })).toEqual([]);
    expect(await namesListed({ offset: Number.MAX_SAFE_INTEGER })).toEqual([]);
    for (const offset of [0, 1, 199, 200, 201, 499, 500, 999, 1000, 7777, names.length - 1]) {
      expect(await namesListed({ offset, limit: 100 })).toEqual(names.slice(offset, offset + 100));
    }
    for (const pattern of patterns) {
      const { matches } = parseNamePattern(pattern);
      const matching = names.filter((name) => matches(name));
      expect((await namesListed({ pattern })).join()).toBe(matching.join());
      const part = { pattern, offset: 150, limit: 200 };
      expect(await namesListed(part)).toEqual(matching.slice(150, 350));
    }
  }

  it('has the pages and matches of a list in memory', async () => {
    await expectAll(PATTERNS);
  });

  it('has them after users were removed, all of a stretch among them', async () => {
    database.exec("DELETE FROM users WHERE name GLOB 'user1[0-5]*' OR name GLOB '*7'");
    names = names.filter((name) => !/^user1[0-5]|7$/.test(name));
    expect(names.length).toBeLessThan(15_000);
    await expectAll(PATTERNS.slice(0, 4));
  });

  it('leaves others their turn while it is read', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await store.list();
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });

  it('refuses to have a user renamed behind its back', () => {
    expect(() => {
      database.exec("UPDATE users SET name = 'other' WHERE name = 'user2000'");
    }).toThrow('a user can not be renamed');
  });
});

describe('SqliteUserStore and MemoryUserStore', () => {
  const name = fc.constantFrom('a', 'A', 'ab', 'é', '__proto__', 'constructor', 'b.c', '..');
  const type = fc.constantFrom('admin' as const, 'normal' as const);
  const hash = fc.constantFrom(...HASHES, 'text');
  const permissions = fc.subarray(['none', 'api', 'config_api', 'write_points', 'all'] as const);
  const options = fc.record({ force: fc.boolean() });
  const changes = fc.record({ type, hash, permissions }, { requiredKeys: [] });
  const list = fc.record(
    {
      pattern: fc.constantFrom('', '*', 'a*', '*b*', '[', '?'),
      offset: fc.nat(4),
      limit: fc.integer({ min: -1, max: 4 }),
    },
    { requiredKeys: [] },
  );

  type Step = (store: UserStore) => unknown;
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ name, type, hash, permissions }).map(
      (user): Step =>
        (store) =>
          store.create(user),
    ),
    fc.tuple(name, changes, options).map(
      (args): Step =>
        (store) =>
          store.update(...args),
    ),
    fc.tuple(name, options).map(
      (args): Step =>
        (store) =>
          store.delete(...args),
    ),
    fc.tuple(name, hash, hash).map(
      (args): Step =>
        (store) =>
          store.replaceHash(...args),
    ),
    name.map(
      (name): Step =>
        (store) =>
          store.find(name),
    ),
    list.map(
      (options): Step =>
        (store) =>
          store.list(options),
    ),
    fc.constant<Step>((store) => store.hashCost),
  );

  /** The two stores have no clock in common. */
  function timeless(outcome: unknown): string {
    return JSON.stringify(outcome ?? null).replace(/"20\d\d-[^"]*Z"/g, '"some time"');
  }

  async function outcomeOf(step: Step, store: UserStore): Promise<unknown> {
    try {
      return await step(store);
    } catch (error) {
      if (error instanceof KapacitorAuthError) return [error.code, error.message];
      throw error;
    }
  }

  it('answer any sequence of calls alike', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const stores = [new SqliteUserStore(':memory:'), new MemoryUserStore()] as const;
        for (const store of stores) await store.open();
        for (const step of steps) {
          const [outcome, expected] = await Promise.all(
            stores.map(async (store) => outcomeOf(step, store)),
          );
          expect(timeless(outcome)).toBe(timeless(expected));
        }
        for (const store of stores) await store.close();
      }),
      { numRuns: 150, seed: 1 },
    );
  });
});

describe('a list of one moment', () => {
  it.each([
    ['of a file', join(folder, 'moment.db')],
    ['in memory', ':memory:'],
  ])('knows nothing of what changes while it is made: %s', async (_, path) => {
    const store = new SqliteUserStore(path);
    await store.open();
    const [first, last] = ['a', 'z'].map(
      (name) => ({ name, type: 'normal', hash: HASH, permissions: [] }) as const,
    );
    if (first === undefined || last === undefined) throw new Error('two users');
    const between = Array.from({ length: 2_000 }, (_user, index) => ({
      user: { ...first, name: `m${String(index)}` },
    }));
    await store.putAll([{ user: first }, ...between, { user: last }]);
    const listing = store.list({ snapshot: true });
    await new Promise(setImmediate);
    await store.putAll([
      { user: first, changes: { permissions: ['api'] } },
      { user: last, changes: { permissions: ['api'] } },
    ]);
    const permissions = (await listing)
      .filter(({ name }) => name.length === 1)
      .map((user) => user.permissions.length);
    expect(permissions[0]).toBe(permissions[1]);
    const some = await store.list({ snapshot: true, pattern: 'm1*', offset: 1, limit: 2 });
    expect(some.map(({ name }) => name)).toEqual(['m10', 'm100']);
    await store.close();
  });
});
