import { invalidRequest } from '../../invalid-request.js';
import { canonicalGrants } from '../../privileges/grant.js';
import type { Permission } from '../../privileges/permission.js';
import {
  canonicalPermissions,
  coversPermission,
  isPermission,
  PERMISSIONS,
} from '../../privileges/permission.js';
import type { UserType } from '../../privileges/user.js';
import type { ListOptions } from '../list-options.js';
import type { StoredUser } from '../user-store.js';

/** The users that a list may be of; what is undefined may be anything. */
export interface UserFilter {
  readonly type: UserType | undefined;
  readonly permission: Permission | undefined;
  /** In canonical form. */
  readonly grant: string | undefined;
  readonly disabled: boolean | undefined;
}

/**
 * Checks the filters of a list, also for callers in JavaScript.
 *
 * @returns undefined if they let all users pass
 * @throws InvalidRequestError
 */
export function userFilter(options: ListOptions): UserFilter | undefined {
  const { type, permission, grant, disabled } = options;
  const types: readonly unknown[] = [undefined, 'admin', 'normal'];
  if (!types.includes(type)) throw wrong('type', 'admin or normal', type);
  if (permission !== undefined && !isPermission(permission))
    throw wrong('permission', PERMISSIONS.join(', '), permission);
  if (disabled !== undefined && typeof disabled !== 'boolean')
    throw wrong('disabled', 'true or false', disabled);
  const [canonical] = grant === undefined ? [] : canonicalGrants([grant]);
  const filter = { type, permission, grant: canonical, disabled };
  return Object.values(filter).every((value) => value === undefined) ? undefined : filter;
}

/** Returns true if a filter lets a user pass. */
export function passesFilter(
  user: Pick<StoredUser, 'type' | 'permissions' | 'grants' | 'disabled'>,
  { type, permission, grant, disabled }: UserFilter,
): boolean {
  return (
    (type === undefined || user.type === type) &&
    (permission === undefined || hasPermission(user.permissions, permission)) &&
    (grant === undefined || user.grants?.includes(grant) === true) &&
    (disabled === undefined || (user.disabled === true) === disabled)
  );
}

/** `none` is had by those who have nothing else. */
function hasPermission(held: readonly Permission[], asked: Permission): boolean {
  return asked === 'none' ? canonicalPermissions(held).length === 0 : coversPermission(held, asked);
}

function wrong(option: string, accepted: string, given: unknown): Error {
  return invalidRequest(`${option} must be ${accepted}, not ${JSON.stringify(given)}`);
}
