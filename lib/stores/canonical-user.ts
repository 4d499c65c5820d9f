import { InvalidRequestError } from '../errors.js';
import type { Permission } from '../privileges/permission.js';
import type * as UserSchema from './user-schema.js';
import type { StoredUser, UserType } from './user-store.js';

/** Loaded with the first user: zod takes as long as a half of the package, and a program may have its users elsewhere. */
declare function require(id: './user-schema.js'): typeof UserSchema;

/** A user as people write it down: whoever says nothing more is a normal user without permissions. */
export interface UserRecord {
  /** Letters of any script, 0-9, `-`, `.`, `_`, `@`. */
  readonly name: string;
  /** `normal` when left out. */
  readonly type?: UserType | undefined;
  readonly hash: string;
  /** None when left out. */
  readonly permissions?: readonly Permission[] | undefined;
}

/**
 * The form in which a user is kept: frozen, its permissions canonical.
 *
 * @throws InvalidRequestError when it can't be kept: a name, type or permission that doesn't exist, a hash
 *   of an unknown scheme
 */
export function canonicalUser(user: UserRecord): StoredUser {
  const { userSchema } = require('./user-schema.js');
  const { data, error } = userSchema.safeParse(user);
  if (data !== undefined) return data;
  throw new InvalidRequestError(
    'ERR_KAUTH_INVALID_REQUEST',
    error.issues.map(({ message }) => message).join('; '),
  );
}
