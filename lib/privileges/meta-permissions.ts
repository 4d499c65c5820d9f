import type { Permission } from './permission.js';
import { canonicalPermissions } from './permission.js';
import type { Privilege, PrivilegeSet } from './privilege.js';
import { privilegeNames, privilegeSet } from './privilege.js';
import type { Privileges } from './privileges.js';
import { DATABASE_RESOURCE, databaseResource } from './resource.js';

/** One permission that a meta node grants, by its name there. */
export interface MetaGrant {
  readonly permission: string;
  /** The database it is granted on; empty for every database. */
  readonly database: string;
}

/** The meaning of a meta node's permission in Kapacitor's terms. */
interface Meaning {
  /** Privileges on the HTTP endpoints; any grant on the same resource overrides `none`. */
  readonly api: Privileges;
  /** The privilege on its database. */
  readonly data?: 'read' | 'write';
  /** The local permission that says the same, if it is granted on every database. */
  readonly local?: Permission;
}

const WRITE_DATA: Meaning = {
  api: { '/api/ping': ['all'], '/api/write': ['write'] },
  data: 'write',
  local: 'write_points',
};

/** The permissions that mean something to Kapacitor; a meta node knows many more. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['KapacitorAPI', { api: { '/api': ['all'], '/api/config': ['none'] }, local: 'api' }],
  [
    'KapacitorConfigAPI',
    { api: { '/api/ping': ['all'], '/api/config': ['all'] }, local: 'config_api' },
  ],
  ['ReadData', { api: { '/api/ping': ['all'] }, data: 'read' }],
  ['WriteData', WRITE_DATA],
  ['9', WRITE_DATA], // Some meta nodes number this one permission.
]);

const SETS = { read: privilegeSet(['read']), write: privilegeSet(['write']) };

const NOTHING: PrivilegeSet = privilegeSet([]);

/** The effect of grants, summed up once: users share roles, and roles share databases. */
export interface MetaGrantSum {
  /** The number of grants, including those without a meaning here. */
  readonly count: number;
  /** By resource of the API. */
  readonly api: ReadonlyMap<string, PrivilegeSet>;
  /** By database; the empty name is every database. */
  readonly data: ReadonlyMap<string, PrivilegeSet>;
  readonly permissions: ReadonlySet<Permission>;
}

export function sumGrants(grants: Iterable<MetaGrant>): MetaGrantSum {
  const api = new Map<string, PrivilegeSet>();
  const data = new Map<string, PrivilegeSet>();
  const permissions = new Set<Permission>();
  const seen = new Set<Meaning>();
  let count = 0;
  for (const { permission, database } of grants) {
    count += 1;
    const meaning = MEANINGS.get(permission);
    if (meaning === undefined) continue;
    seen.add(meaning);
    const { data: privilege, local } = meaning;
    if (privilege !== undefined) add(data, database, SETS[privilege]);
    if (local !== undefined && (privilege === undefined || database === '')) permissions.add(local);
  }
  for (const { api: granted } of seen) {
    for (const [resource, names] of Object.entries(granted)) {
      add(api, resource, privilegeSet(names));
    }
  }
  return { count, api, data, permissions };
}

/** Unites sums: everything that any of them grants. */
export function uniteSums(sums: readonly MetaGrantSum[]): MetaGrantSum {
  const api = new Map<string, PrivilegeSet>();
  const data = new Map<string, PrivilegeSet>();
  const permissions = new Set<Permission>();
  for (const sum of sums) {
    for (const [resource, set] of sum.api) add(api, resource, set);
    for (const [database, set] of sum.data) add(data, database, set);
    for (const permission of sum.permissions) permissions.add(permission);
  }
  const count = sums.reduce((total, sum) => total + sum.count, 0);
  return { count, api, data, permissions };
}

/**
 * The privileges that permissions of a meta node give (Kapacitor's mapping). Grants on every
 * database make one entry. A database has its own entry only if more is granted there; that entry
 * then names everything.
 */
export function metaPrivileges({ api, data }: MetaGrantSum): Privileges {
  const everywhere = data.get('') ?? NOTHING;
  const privileges: Record<string, readonly Privilege[]> = {};
  for (const [resource, set] of api) privileges[resource] = Object.freeze([...privilegeNames(set)]);
  for (const [database, set] of data) {
    const all = set | everywhere;
    if (database !== '' && all === everywhere) continue;
    privileges[resourceOf(database)] = Object.freeze([...privilegeNames(all)]);
  }
  return Object.freeze(privileges);
}

/** The local permissions that come closest. */
export function metaPermissions({ permissions }: MetaGrantSum): readonly Permission[] {
  return canonicalPermissions([...permissions]);
}

function add(sets: Map<string, PrivilegeSet>, key: string, set: PrivilegeSet): void {
  sets.set(key, (sets.get(key) ?? NOTHING) | set);
}

function resourceOf(database: string): string {
  return database === '' ? DATABASE_RESOURCE : databaseResource(database);
}
