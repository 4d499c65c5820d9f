import { MisuseError } from '../errors.js';
import { invalidRequest } from '../invalid-request.js';
import { canonicalGrants } from '../privileges/grant.js';
import type { Permission } from '../privileges/permission.js';
import { canonicalPermissions, isPermission, PERMISSIONS } from '../privileges/permission.js';
import type { UserType } from '../privileges/user.js';
import { bcryptHashCost, highestUsableCost, isBcryptHash } from '../stores/rules/bcrypt-hash.js';
import { checkPassword } from '../stores/rules/password-policy.js';
import { NEEDS_NO_GRANTS } from '../stores/rules/stored-user.js';
import type { UserChanges } from '../stores/user-store.js';

export interface Grants {
  readonly type?: UserType | undefined;
  readonly permissions?: readonly Permission[] | undefined;
  readonly grants?: readonly string[] | undefined;
  readonly disabled?: boolean | undefined;
}

/** The rights that a change sets, and if the user may log in. */
export type Rights = Pick<UserChanges, 'type' | 'permissions' | 'grants' | 'disabled'>;

export interface Secret {
  readonly password?: string | undefined;
  readonly hash?: string | undefined;
}

/**
 * Checks type and permissions, also for callers in JavaScript. Permissions that are granted
 * together with the type `admin` are kept, as in Kapacitor: they count after a demotion. A user who
 * becomes an administrator without any given permissions has none. Grants are another matter: an
 * administrator has none, and whoever loses all permissions loses the grants too, unless they are
 * given; an old tool that takes everything from a user must have taken everything.
 *
 * @throws InvalidRequestError
 */
export function checkGrants({ type, permissions, grants, disabled }: Grants): Rights {
  checkType(type);
  checkFlag('disabled', disabled);
  for (const permission of permissions ?? []) {
    if (isPermission(permission)) continue;
    throw invalidRequest(
      `${quote(permission)} is no permission; accepted are ${PERMISSIONS.join(', ')}`,
    );
  }
  const kept = permissions ?? (type === 'admin' ? [] : undefined);
  const canonical = kept && canonicalPermissions(kept);
  const given = keptGrants(grants, type === 'admin', canonical?.length === 0);
  return {
    ...(type !== undefined && { type }),
    ...(canonical !== undefined && { permissions: canonical }),
    ...(given !== undefined && { grants: given }),
    ...(disabled !== undefined && { disabled }),
  };
}

function checkType(type: unknown): void {
  const types: readonly unknown[] = [undefined, 'admin', 'normal'];
  if (!types.includes(type))
    throw invalidRequest(`type must be "admin" or "normal", not ${quote(type)}`);
}

function checkFlag(key: string, given: unknown): void {
  if (given === undefined || typeof given === 'boolean') return;
  throw invalidRequest(`${key} must be true or false, not ${quote(given)}`);
}

function keptGrants(
  grants: readonly string[] | undefined,
  isAdmin: boolean,
  isStripped: boolean,
): readonly string[] | undefined {
  if (grants === undefined) return isAdmin || isStripped ? [] : undefined;
  const canonical = canonicalGrants(grants);
  if (isAdmin && canonical.length > 0) throw invalidRequest(NEEDS_NO_GRANTS);
  return canonical;
}

const UPDATE_KEYS: readonly string[] = [
  'password',
  'hash',
  'type',
  'permissions',
  'grants',
  'disabled',
];
const NEW_USER_KEYS: readonly string[] = ['name', ...UPDATE_KEYS, 'created'];

/**
 * @throws MisuseError if a new user is no object or has an unknown key, which would have no
 *   effect
 */
export function checkNewUser(user: unknown): void {
  checkKeys('users.create({ name, password, type, permissions, grants })', user, NEW_USER_KEYS);
}

/** @throws MisuseError if a change is no object or has an unknown key */
export function checkUpdate(update: unknown): void {
  checkKeys('users.update(name, { password, type, permissions, grants })', update, UPDATE_KEYS);
}

function checkKeys(form: string, given: unknown, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null) {
    throw new MisuseError(`${form}: it takes an object, not a ${typeof given}`);
  }
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new MisuseError(`${form}: there is no ${quote(unknown)}, only ${known.join(', ')}`);
}

/**
 * Checks a password or a hash that is to be set.
 *
 * @param cost - `auth.bcrypt-cost`; hashes may be that costly if it is above the usual limit
 * @throws InvalidRequestError
 */
export function checkSecret({ password, hash }: Secret, cost: number): void {
  if (hash === undefined) {
    if (password !== undefined) checkPassword(password);
    return;
  }
  if (password !== undefined) throw invalidRequest('a user has a password or a hash, not both');
  if (!isBcryptHash(hash)) throw invalidRequest('hash must be a bcrypt hash: $2a$, $2b$ or $2y$');
  const highest = highestUsableCost(cost);
  if (bcryptHashCost(hash) > highest) {
    throw invalidRequest(
      `hash has cost ${String(bcryptHashCost(hash))}, which would slow down every login; ${String(highest)} is the most`,
    );
  }
}

function quote(value: unknown): string {
  return JSON.stringify(value);
}
