import { UserConflictError } from '../../errors.js';

/** Makes the error for a new user whose name is taken. */
export function userExists(name: string): UserConflictError {
  return new UserConflictError(
    'ERR_KAUTH_USER_EXISTS',
    `user ${JSON.stringify(name)} already exists`,
  );
}

/** Makes the error for deleting, demoting or disabling the only admin who is enabled. */
export function lastAdmin(name: string): UserConflictError {
  return new UserConflictError(
    'ERR_KAUTH_LAST_ADMIN',
    `${JSON.stringify(name)} is the last admin: make another user an admin first`,
  );
}
