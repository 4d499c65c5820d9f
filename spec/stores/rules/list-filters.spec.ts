import fc from 'fast-check';
import type { ListOptions } from '../../../lib/stores/list-options.js';
import { MemoryUserStore } from '../../../lib/stores/memory-store.js';
import { SqliteUserStore } from '../../../lib/stores/sqlite-store.js';
import type { StoredUser } from '../../../lib/stores/user-store.js';

const HASH = `$2b$04$${'a'.repeat(53)}`;
const PERMISSIONS = ['api', 'config_api', 'write_points'] as const;
const GRANTS = ['read:tasks', 'write:database/é%0Ab', 'write:database/é'] as const;

const user = fc.record({
  name: fc.stringMatching(/^[ab]{1,3}$/),
  isAdmin: fc.boolean(),
  permissions: fc.subarray([...PERMISSIONS]),
  grants: fc.subarray([...GRANTS]),
  disabled: fc.boolean(),
});

const some = <const T>(...values: readonly T[]) => fc.constantFrom(undefined, ...values);

const list = fc.record({
  type: some('admin', 'normal'),
  permission: some('none', 'all', ...PERMISSIONS),
  grant: some(...GRANTS),
  disabled: some(true, false),
  pattern: some('', 'a*', '*b', '?b*'),
  after: some('', 'a', 'ab', 'b'),
  offset: some(0, 1, 3),
  limit: some(0, 1, 4, 100),
});

/** A list as a person would make it, from the words of its options. */
function expected(users: readonly StoredUser[], options: ListOptions): readonly string[] {
  const { type, permission, grant, disabled, after = '', offset = 0, limit = 1000 } = options;
  const pattern = new RegExp(
    `^${(options.pattern ?? '').replaceAll('*', '.*').replaceAll('?', '.') || '.*'}$`,
  );
  const names = users
    .filter((each) => type === undefined || each.type === type)
    .filter(({ permissions }) => {
      const has = permissions.includes('all') ? PERMISSIONS : permissions;
      if (permission === 'none') return has.length === 0;
      if (permission === 'all') return has.length === 3;
      return permission === undefined || has.includes(permission);
    })
    .filter(({ grants = [] }) => grant === undefined || grants.includes(grant))
    .filter((each) => disabled === undefined || (each.disabled ?? false) === disabled)
    .map(({ name }) => name)
    .filter((name) => pattern.test(name) && name > after);
  return names.sort().slice(offset, offset + limit);
}

const STORES = {
  memory: () => new MemoryUserStore(),
  SQLite: () => new SqliteUserStore(':memory:'),
};

it.each(Object.entries(STORES))('%s lists whom the filters let pass', async (_, make) => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(user, { selector: ({ name }) => name, maxLength: 12 }),
      fc.array(list, { minLength: 1, maxLength: 8 }),
      async (given, lists) => {
        const users = given.map(({ isAdmin, grants, ...each }): StoredUser => ({
          ...each,
          hash: HASH,
          type: isAdmin ? 'admin' : 'normal',
          ...(!isAdmin && { grants }),
        }));
        const store = make();
        await store.open();
        for (const each of users) await store.create(each);
        for (const options of lists) {
          for (const inTurns of [true, false]) {
            const listed = await (inTurns
              ? store.list({ ...options, inTurns })
              : store.list(options));
            expect(listed.map(({ name }) => name)).toEqual(expected(users, options));
          }
        }
        await store.close();
      },
    ),
    { numRuns: 60 },
  );
});
