import type { StoredUser } from '../stores/user-store.js';
import { grantsOf } from './user-changes.js';
import type { UserInfo } from './user-forms.js';

/** A user without the hash. */
export function showUser(user: StoredUser): UserInfo {
  return Object.freeze({ name: user.name, ...grantsOf(user) });
}

/** As {@link showUser}, with the times that are known. */
export function showTimes(user: StoredUser): UserInfo {
  const { created, changed } = user;
  return Object.freeze({
    ...showUser(user),
    ...(created !== undefined && { created }),
    ...(changed !== undefined && { changed }),
  });
}
