import type { StoredUser, UserPut, UserToPut } from '../user-store.js';
import { changedUser, newUser } from './changed-user.js';
import { userExists } from './user-conflict.js';
import { checkNewUserName } from './user-name.js';

/**
 * Adds or changes one user of a `putAll`.
 *
 * @param before - the present user of that name, if there is one
 * @throws UserConflictError (`ERR_KAUTH_USER_EXISTS`) if the name is taken and there are no
 *   changes; InvalidRequestError for a user that can't be kept
 */
export function putUser({ user, changes }: UserToPut, before: StoredUser | undefined): UserPut {
  if (before === undefined) {
    checkNewUserName(user.name);
    return { before, after: newUser(user) };
  }
  if (changes === undefined) throw userExists(user.name);
  return { before, after: changedUser(before, changes) };
}
