import { MisuseError } from '../errors.js';
import { localPrivileges } from './local-permissions.js';
import type { Permission } from './permission.js';
import { canonicalPermissions } from './permission.js';
import type { Privilege } from './privilege.js';
import { isPrivilege, PRIVILEGES } from './privilege.js';
import type { Privileges } from './privileges.js';
import { copyPrivileges, PrivilegeTable } from './privileges.js';
import {
  checkResource,
  cleanResource,
  databaseResource,
  isForAdmins,
  retentionPolicyResource,
} from './resource.js';

/** Where a user was resolved: `disabled` when nothing is enforced and everyone is {@link ADMIN_USER}. */
export type UserOrigin = 'local' | 'meta' | 'subscription' | 'disabled';

/** `admin` may do everything; `normal` what its permissions say. */
export type UserType = 'admin' | 'normal';

/** What of a user is data: `JSON.stringify(req.user)` shows just this. */
export interface UserData {
  /** The name that was logged in with. */
  readonly name: string;
  /** `admin` may do everything. */
  readonly type: UserType;
  /** What was granted, in Kapacitor's terms. */
  readonly permissions: readonly Permission[];
  /** What may be done to which resource, such as `{ '/api': ['all'], '/api/config': ['none'] }`. */
  readonly privileges: Privileges;
  /** Where the user was resolved. */
  readonly source: UserOrigin;
}

/** The user a request was made by, as `req.user`; frozen. */
export interface KapacitorUser extends UserData {
  /** Whether the user may do everything. */
  readonly admin: boolean;
  /**
   * Whether the user may do something to a resource; to `/api/storage` only an administrator may, whatever is granted.
   *
   * @param resource - an absolute path such as `/api/tasks`
   * @throws MisuseError when the resource is not absolute or the path of a request, or the privilege doesn't exist
   */
  can(this: KapacitorUser, privilege: Privilege, resource: string): boolean;
  /**
   * Whether the user may do something to the database of this name; never when a name is empty.
   *
   * @param retentionPolicy - where in the database; anywhere in it when left out
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

/** What a user is made of; privileges follow from the permissions unless a source knows more. */
export interface UserDescription {
  readonly name: string;
  readonly type: UserType;
  readonly permissions: readonly Permission[];
  readonly privileges?: Privileges;
}

/** Resolves what a store knows of a user into what the user may do. */
export function resolveUser(description: UserDescription, source: UserOrigin): KapacitorUser {
  return new ResolvedUser(description, source);
}

/** Whether a user was resolved here, so that what it may do never changes. */
export function isResolvedUser(user: KapacitorUser): boolean {
  return ResolvedUser.made(user);
}

/** Whether a user's privileges are those that its source gave, and not what its permissions say. */
export function hasOwnPrivileges(user: KapacitorUser): boolean {
  return ResolvedUser.hasOwnPrivileges(user);
}

class ResolvedUser implements KapacitorUser {
  readonly name: string;
  readonly type: UserType;
  readonly permissions: readonly Permission[];
  readonly privileges: Privileges;
  readonly source: UserOrigin;
  readonly #table: PrivilegeTable;
  readonly #isOwn: boolean;

  constructor({ name, type, permissions, privileges }: UserDescription, source: UserOrigin) {
    this.name = name;
    this.type = type;
    this.permissions = canonicalPermissions(permissions);
    this.privileges =
      type === 'admin'
        ? Object.freeze({ '/': Object.freeze(['all'] as const) })
        : privileges === undefined
          ? localPrivileges(permissions)
          : copyPrivileges(privileges);
    this.source = source;
    this.#isOwn = type !== 'admin' && privileges !== undefined;
    this.#table = new PrivilegeTable(this.privileges);
    Object.freeze(this);
  }

  static made(user: KapacitorUser): boolean {
    return #table in user;
  }

  static hasOwnPrivileges(user: KapacitorUser): boolean {
    return #isOwn in user && user.#isOwn;
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
    return this.can(
      privilege,
      retentionPolicy === undefined
        ? databaseResource(name)
        : retentionPolicyResource(name, retentionPolicy),
    );
  }

  toJSON(): UserData {
    const { name, type, permissions, privileges, source } = this;
    return { name, type, permissions, privileges, source };
  }
}

function noSuchPrivilege(given: unknown): MisuseError {
  return new MisuseError(
    `there is no privilege ${JSON.stringify(given)}: it is one of ${PRIVILEGES.join(', ')}`,
  );
}

/** Who everyone is while `http.auth-enabled` is false, as in Kapacitor. */
export const ADMIN_USER: KapacitorUser = resolveUser(
  { name: 'ADMIN_USER', type: 'admin', permissions: [] },
  'disabled',
);
