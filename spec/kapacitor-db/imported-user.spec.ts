import fc from 'fast-check';
import { importedUser } from '../../lib/kapacitor-db/imported-user.js';
import { canonicalGrants } from '../../lib/privileges/grant.js';
import type { Privilege } from '../../lib/privileges/privilege.js';
import type { KapacitorUser } from '../../lib/privileges/user.js';
import { resolveUser } from '../../lib/privileges/user.js';
import { kapacitorAllows } from './kapacitor-rules.js';

const HASH = `$2a$04$${'a'.repeat(53)}`;
const PRIVILEGES = ['read', 'write', 'delete'] as const;

type Table = Record<string, readonly number[]>;

function take(privileges: Table, { isAdmin = false } = {}) {
  const record = { name: 'amy', isAdmin, hash: HASH };
  return importedUser({ ...record, privileges: new Map(Object.entries(privileges)) });
}

/** Kapacitor's table of privileges for permissions (`convertPermissions`). */
const OF_PERMISSIONS: Readonly<Record<string, Table>> = {
  api: { '/api': [4], '/api/write': [0], '/api/config': [0] },
  config_api: { '/api/ping': [4], '/api/config': [4] },
  write_points: { '/api/ping': [4], '/api/write': [4] },
  all: { '/api': [4], '/api/config': [4], '/api/write': [4] },
};

const RESOURCES = [
  '/',
  '/other',
  '/api',
  '/api/config',
  '/api/config/influxdb',
  '/api/ping',
  '/api/write',
  '/api/tasks',
  '/api/tasks/cpu',
  '/api/tasks/a*',
  '/api/storage/backup',
  '/database',
  '/database/telegraf_clean',
  '/database/my db_clean',
  '/database/a_b_dirty',
];

const DATABASES: Readonly<Record<string, string>> = {
  '/database/telegraf_clean': 'telegraf',
  '/database/my db_clean': 'my db',
  '/database/other_clean': 'other',
};

const ENDPOINTS = [
  ...RESOURCES.filter((resource) => resource.startsWith('/api')),
  '/api/alerts/topics',
  '/api/tasks/abc',
].filter((resource) => !resource.startsWith('/api/storage'));

const isOfDatabases = (resource: string) => resource.startsWith('/database');

/** The answers of Kapacitor and of this package to each thing that a user may try. */
function decisions(
  table: Table,
  user: KapacitorUser,
): { what: string; kapacitor: boolean; here: boolean }[] {
  const endpoints = ENDPOINTS.flatMap((resource) =>
    PRIVILEGES.map((privilege: Privilege) => ({
      what: `${privilege} ${resource}`,
      kapacitor: kapacitorAllows(table, privilege, resource),
      here: user.can(privilege, resource),
    })),
  );
  // Without any entry for a database, "write_points" is every database here, and none in Kapacitor.
  if (!Object.keys(table).some(isOfDatabases)) return endpoints;
  const writes = Object.entries(DATABASES).flatMap(([resource, name]) => [
    {
      what: `write points to ${name}`,
      kapacitor:
        kapacitorAllows(table, 'write', '/api/write') && kapacitorAllows(table, 'write', resource),
      here: user.can('write', '/api/write') && user.canDatabase('write', name),
    },
    {
      what: `read ${name}`,
      kapacitor: kapacitorAllows(table, 'read', resource),
      here: user.canDatabase('read', name),
    },
  ]);
  return [...endpoints, ...writes];
}

describe('a user of Kapacitor', () => {
  const permissions = Object.keys(OF_PERMISSIONS).filter((permission) => permission !== 'all');
  const sets = permissions.reduce<string[][]>(
    (all, permission) => [...all, ...all.map((set) => [...set, permission])],
    [[]],
  );

  it.each([...sets.map((set) => [set]), [['all']]])(
    'with the permissions %j has just these',
    (set) => {
      const table: Table = {};
      for (const permission of set) {
        for (const [resource, numbers] of Object.entries(OF_PERMISSIONS[permission] ?? {})) {
          if (numbers[0] === 0 && resource in table) continue;
          table[resource] = numbers;
        }
      }
      const expected = set.length === permissions.length ? ['all'] : set;
      expect(take(table)).toMatchObject({
        taken: { type: 'normal', permissions: expected, grants: [] },
        leftOut: [],
      });
    },
  );

  it('may never do more than there, and just the same unless something is named', () => {
    const numbers = fc.oneof(
      fc.constantFrom([0], [1], [2], [4], [1, 2]),
      fc.uniqueArray(fc.constantFrom(0, 1, 2, 3, 4), { maxLength: 3 }),
    );
    const tables = fc.dictionary(fc.constantFrom(...RESOURCES), numbers, { maxKeys: 7 });
    let taken = 0;
    fc.assert(
      fc.property(tables, (table) => {
        const result = take(table);
        if (result.taken === undefined) {
          expect(result.leftOut).toHaveLength(1);
          return;
        }
        taken += 1;
        const { grants } = result.taken;
        expect(canonicalGrants(grants)).toEqual(grants);
        const all = decisions(table, resolveUser(result.taken, 'local'));
        expect(all.filter(({ kapacitor, here }) => here && !kapacitor)).toEqual([]);
        if (result.leftOut.length > 0) return;
        expect(all.filter(({ kapacitor, here }) => here !== kapacitor)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(0);
  });

  it('who is an administrator is taken, whatever was taken away', () => {
    const tables: readonly Table[] = [
      { '/database': [2], '/api/write': [4], '/api/ping': [4], '/database/a_b_dirty': [0] },
      { '/api': [4], '/api/tasks/a*': [0] },
      {
        '/api/ping': [4],
        ...Object.fromEntries(
          Array.from({ length: 300 }, (_, number) => [`/database/db${String(number)}_clean`, [1]]),
        ),
      },
    ];
    for (const table of tables) {
      expect(take(table).taken).toBeUndefined();
      expect(take(table, { isAdmin: true })).toMatchObject({
        taken: { type: 'admin', grants: [] },
        leftOut: [],
      });
    }
  });

  it('with more grants than a user may have is named', () => {
    const table: Table = { '/api/ping': [4] };
    for (let number = 0; number < 300; number += 1)
      table[`/database/db${String(number)}_clean`] = [1];
    expect(take(table)).toEqual({
      leftOut: [
        {
          kind: 'user',
          name: 'amy',
          reason: 'it would need 300 grants, and 256 are the most',
          command: 'kapacitor-auth users add amy',
        },
      ],
    });
  });
});
