import type { Permission } from './permission.js';
import { canonicalPermissions } from './permission.js';
import type { Privilege } from './privilege.js';
import { privilegeNames, privilegeSet } from './privilege.js';
import type { Privileges } from './privileges.js';

/**
 * The privileges that each permission of a local user grants. Any grant on the same resource
 * overrides `none`.
 */
const GRANTS: Readonly<Record<Permission, Readonly<Record<string, Privilege>>>> = {
  none: {},
  api: { '/api': 'all', '/api/config': 'none', '/api/write': 'none' },
  config_api: { '/api/ping': 'all', '/api/config': 'all' },
  write_points: { '/api/ping': 'all', '/api/write': 'all', '/database': 'write' },
  all: { '/api': 'all', '/api/config': 'all', '/api/write': 'all', '/database': 'all' },
};

/** The privileges of a local user with these permissions. */
export function localPrivileges(permissions: readonly Permission[]): Privileges {
  return unitePrivileges(
    canonicalPermissions(permissions).map((permission) =>
      Object.fromEntries(
        Object.entries(GRANTS[permission]).map(([resource, privilege]) => [resource, [privilege]]),
      ),
    ),
  );
}

/**
 * Unites privileges: everything that any of them grants. `none` stays only if nothing else is
 * granted on the resource.
 */
export function unitePrivileges(grants: readonly Privileges[]): Privileges {
  const united = new Map<string, number>();
  for (const [resource, names] of grants.flatMap((grant) => Object.entries(grant))) {
    united.set(resource, (united.get(resource) ?? 0) | privilegeSet(names));
  }
  return Object.freeze(
    Object.fromEntries(
      [...united].map(([resource, set]) => [resource, Object.freeze([...privilegeNames(set)])]),
    ),
  );
}
