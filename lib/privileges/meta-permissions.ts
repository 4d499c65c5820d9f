import { unitePrivileges } from './local-permissions.js';
import { canonicalPermissions } from './permission.js';
import type { Permission } from './permission.js';
import type { Privilege } from './privilege.js';
import type { Privileges } from './privileges.js';
import { DATABASE_RESOURCE, databaseResource } from './resource.js';

/** One permission that a meta node grants, by its name there. */
export interface MetaGrant {
  readonly permission: string;
  /** The database it is granted on; empty for every database. */
  readonly database: string;
}

/** What a permission of a meta node means here. */
interface Meaning {
  /** What it grants on the HTTP endpoints; `none` is overridden by any grant on the same resource. */
  readonly api: Privileges;
  /** What it grants on its database. */
  readonly data?: Privilege;
  /** The local permission that says the same, when granted on every database. */
  readonly local?: Permission;
}

const WRITE_DATA: Meaning = {
  api: { '/api/ping': ['all'], '/api/write': ['write'] },
  data: 'write',
  local: 'write_points',
};

/** The permissions that mean something here; a meta node knows many more. */
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

/** The privileges that permissions of a meta node give (Kapacitor's mapping). */
export function metaPrivileges(grants: readonly MetaGrant[]): Privileges {
  const databases = new Set(grants.filter(isDataGrant).map(({ database }) => database));
  return unitePrivileges(grants.flatMap((grant) => grantedPrivileges(grant, databases)));
}

/** The local permissions that say the same, as far as they can. */
export function metaPermissions(grants: readonly MetaGrant[]): readonly Permission[] {
  return canonicalPermissions(
    grants.flatMap(({ permission, database }) => {
      const { data, local } = MEANINGS.get(permission) ?? {};
      return local === undefined || (data !== undefined && database !== '') ? [] : [local];
    }),
  );
}

function isDataGrant({ permission }: MetaGrant): boolean {
  return MEANINGS.get(permission)?.data !== undefined;
}

/** @param databases - all that have an entry of their own, which would hide the one of every database */
function grantedPrivileges(
  { permission, database }: MetaGrant,
  databases: ReadonlySet<string>,
): readonly Privileges[] {
  const meaning = MEANINGS.get(permission);
  if (meaning === undefined) return [];
  const { api, data } = meaning;
  if (data === undefined) return [api];
  const names = database === '' ? [...databases] : [database];
  return [api, Object.fromEntries(names.map((name) => [resourceOf(name), [data]]))];
}

function resourceOf(database: string): string {
  return database === '' ? DATABASE_RESOURCE : databaseResource(database);
}
