import type { StoredUser, UserChanges } from '../user-store.js';
import { isSameUser } from './same-user.js';
import type { UserRecord } from './stored-user.js';
import { canonicalUser } from './stored-user.js';

/**
 * A new user in the form in which it is stored, with the time of now.
 *
 * @throws InvalidRequestError if it can't be stored
 */
export function newUser(user: UserRecord): StoredUser {
  const now = new Date().toISOString();
  return canonicalUser({ ...user, created: user.created ?? now, changed: now });
}

/**
 * A user after changes, in the form in which it is stored: the same user if nothing differs.
 *
 * @throws InvalidRequestError if it can't be stored
 */
export function changedUser(before: StoredUser, changes: UserChanges): StoredUser {
  const {
    type = before.type,
    hash = before.hash,
    permissions = before.permissions,
    grants = before.grants,
    disabled = before.disabled,
    sessions = before.sessions,
  } = changes;
  const { name, created, changed } = before;
  const after = { name, type, hash, permissions, grants, disabled, created, sessions };
  const unstamped = canonicalUser({ ...after, changed });
  if (isSameUser(unstamped, before)) return before;
  return canonicalUser({ ...after, changed: new Date().toISOString() });
}

/**
 * A user under another name, in the form in which it is stored.
 *
 * @throws InvalidRequestError if it can't be stored
 */
export function renamedUser(before: StoredUser, name: string): StoredUser {
  return canonicalUser({ ...before, name, changed: new Date().toISOString() });
}
