import { MisuseError } from '../errors.js';
import { sharedMap } from '../shared-map.js';
import { canonicalGrants, NO_GRANTS, parseGrants } from './grant.js';
import { grantedPrivileges } from './granted-privileges.js';
import { localPrivileges } from './local-permissions.js';
import type { Permission } from './permission.js';
import { canonicalPermissions } from './permission.js';
import type { Privilege } from './privilege.js';
import { isPrivilege, PRIVILEGES } from './privilege.js';
import type { Privileges } from './privileges.js';
import { copyPrivileges, PrivilegeTable } from './privileges.js';
import { checkResource, cleanResource, isForAdmins, placeResource } from './resource.js';

/** The origin of a user: `disabled` if nothing is enforced and everyone is {@link ADMIN_USER}. */
export type UserOrigin = 'local' | 'meta' | 'subscription' | 'disabled';

/** An `admin` may do everything, a `normal` user what the permissions say. */
export type UserType = 'admin' | 'normal';

/** The data of a user: exactly what `JSON.stringify(req.user)` shows. */
export interface UserData {
  /** The name that the user logged in with. */
  readonly name: string;
  /** `admin` may do everything. */
  readonly type: UserType;
  /** The permissions granted, in Kapacitor's terms. */
  readonly permissions: readonly Permission[];
  /**
   * The privileges per resource, such as `{ '/api': ['all'], '/api/config': ['none'] }`. If the
   * user has grants, a `*` at the end of a resource stands for all whose names begin so.
   */
  readonly privileges: Privileges;
  /** The origin of the user. */
  readonly source: UserOrigin;
  /** The grants beside the permissions, such as `write:database/telegraf`; absent if none. */
  readonly grants?: readonly string[];
}

/** The user who made a request, as `req.user`; frozen. */
export interface KapacitorUser extends UserData {
  /** True if the user may do everything. */
  readonly admin: boolean;
  /** The grants beside the permissions, such as `write:database/telegraf`; empty if none. */
  readonly grants: readonly string[];
  /**
   * Returns true if the user has a privilege on a resource. Only administrators have any on
   * `/api/storage`, whatever is granted.
   *
   * @param resource - an absolute path such as `/api/tasks`
   * @throws MisuseError if the resource is not absolute or is the path of a request, or if the
   *   privilege doesn't exist
   */
  can(this: KapacitorUser, privilege: Privilege, resource: string): boolean;
  /**
   * Returns true if the user has a privilege on a database; false if a name is empty.
   *
   * @param name - the name of the database
   * @param retentionPolicy - the retention policy in the database; any of them when left out
   */
  canDatabase(
    this: KapacitorUser,
    privilege: Privilege,
    name: string,
    retentionPolicy?: string,
  ): boolean;
  /** The user's data, for `JSON.stringify`. */
  toJSON(this: KapacitorUser): UserData;
}

/**
 * A user as a store describes one. The privileges follow from permissions and grants unless a
 * source gives them.
 */
export interface UserDescription {
  readonly name: string;
  readonly type: UserType;
  readonly permissions: readonly Permission[];
  readonly privileges?: Privileges;
  /** Without a meaning for an administrator, and beside privileges that the source gives. */
  readonly grants?: readonly string[] | undefined;
}

/**
 * Resolves a store's description of a user into the user of requests.
 *
 * @throws InvalidRequestError for a grant that can't be read
 */
export function resolveUser(description: UserDescription, source: UserOrigin): KapacitorUser {
  return new ResolvedUser(description, source);
}

/**
 * Returns true if this code or another copy of it resolved a user, so that the privileges never
 * change.
 */
export function isResolvedUser(user: KapacitorUser): boolean {
  return resolved.has(user);
}

/**
 * Returns true if a user's privileges come from the source and don't follow from the permissions.
 */
export function hasOwnPrivileges(user: KapacitorUser): boolean {
  return resolved.get(user)?.hasOwnPrivileges === true;
}

/** The grants of a user; none if no copy of this code resolved the user. */
export function heldGrants(user: KapacitorUser): readonly string[] {
  return isResolvedUser(user) ? user.grants : NO_GRANTS;
}

/** The privileges of a user, prepared for look-ups. */
export function privilegeTableOf(user: KapacitorUser): PrivilegeTable {
  return ResolvedUser.tableOf(user) ?? tableOfOther(user);
}

/** Tables of users whom other copies of this code resolved. */
const tables = new WeakMap<KapacitorUser, PrivilegeTable>();

function tableOfOther(user: KapacitorUser): PrivilegeTable {
  if (!isResolvedUser(user)) return new PrivilegeTable(user.privileges);
  const known = tables.get(user);
  if (known !== undefined) return known;
  const table = new PrivilegeTable(user.privileges, { prefixes: user.grants.length > 0 });
  tables.set(user, table);
  return table;
}

/** The part of a user that the data do not tell. */
interface Resolved {
  readonly hasOwnPrivileges: boolean;
}

/** The users that this code and other copies of it resolved; nothing else may be put there. */
const resolved = sharedMap<Resolved>('users.1');

class ResolvedUser implements KapacitorUser {
  readonly name: string;
  readonly type: UserType;
  readonly permissions: readonly Permission[];
  readonly privileges: Privileges;
  readonly source: UserOrigin;
  readonly grants: readonly string[];
  readonly #table: PrivilegeTable;

  constructor(description: UserDescription, source: UserOrigin) {
    const { name, type, permissions } = description;
    this.name = name;
    this.type = type;
    this.permissions = canonicalPermissions(permissions);
    this.grants = countingGrants(description);
    this.privileges = privilegesOf(description, this.grants);
    this.source = source;
    this.#table = new PrivilegeTable(this.privileges, { prefixes: this.grants.length > 0 });
    Object.freeze(this);
    const hasOwnPrivileges = type !== 'admin' && description.privileges !== undefined;
    resolved.set(this, Object.freeze({ hasOwnPrivileges }));
  }

  static tableOf(user: KapacitorUser): PrivilegeTable | undefined {
    return #table in user ? user.#table : undefined;
  }

  get admin(): boolean {
    return this.type === 'admin';
  }

  can(privilege: Privilege, resource: string): boolean {
    if (!isPrivilege(privilege)) throw noSuchPrivilege(privilege);
    checkResource(resource);
    const clean = cleanResource(resource);
    if (isForAdmins(clean) && !this.admin && privilege !== 'none') return false;
    return this.#table.allows({ privilege, resource: clean });
  }

  canDatabase(privilege: Privilege, name: string, retentionPolicy?: string): boolean {
    if (name === '' || retentionPolicy === '') return false;
    return this.can(privilege, placeResource(name, retentionPolicy));
  }

  toJSON(): UserData {
    const { name, type, permissions, privileges, source, grants } = this;
    const data = { name, type, permissions, privileges, source };
    return grants.length === 0 ? data : { ...data, grants };
  }
}

/** The grants that have a meaning, in canonical form. */
function countingGrants({
  type,
  privileges,
  grants = NO_GRANTS,
}: UserDescription): readonly string[] {
  return type === 'admin' || privileges !== undefined ? NO_GRANTS : canonicalGrants(grants);
}

function privilegesOf(
  { type, permissions, privileges }: UserDescription,
  grants: readonly string[],
): Privileges {
  if (type === 'admin') return Object.freeze({ '/': Object.freeze(['all'] as const) });
  if (privileges !== undefined) return copyPrivileges(privileges);
  const local = localPrivileges(permissions);
  return grants.length === 0 ? local : grantedPrivileges(local, parseGrants(grants));
}

function noSuchPrivilege(given: unknown): MisuseError {
  return new MisuseError(
    `there is no privilege ${JSON.stringify(given)}: it is one of ${PRIVILEGES.join(', ')}`,
  );
}

/** The user of every request while `http.auth-enabled` is false, as in Kapacitor. */
export const ADMIN_USER: KapacitorUser = resolveUser(
  { name: 'ADMIN_USER', type: 'admin', permissions: [] },
  'disabled',
);
