import type { StoredUser, UserChanges } from '../user-store.js';
import { canonicalUser } from './stored-user.js';

/**
 * A user after changes, in the form in which it is stored.
 *
 * @throws InvalidRequestError if it can't be stored
 */
export function changedUser(before: StoredUser, changes: UserChanges): StoredUser {
  const {
    type = before.type,
    hash = before.hash,
    permissions = before.permissions,
    grants = before.grants,
  } = changes;
  return canonicalUser({ name: before.name, type, hash, permissions, grants });
}
