import type { ZodType } from 'zod';
import { InvalidRequestError } from '../../errors.js';
import { invalidRequest } from '../../invalid-request.js';
import { lazy, once } from '../../lazy.js';
import type { Permission } from '../../privileges/permission.js';
import { canonicalPermissions, PERMISSIONS } from '../../privileges/permission.js';
import type { UserType } from '../../privileges/user.js';
import type { StoredUser } from '../user-store.js';
import { isBcryptHash } from './bcrypt-hash.js';
import { checkUserName } from './user-name.js';

/**
 * A user as people write it down; without type and permissions, a normal user without permissions.
 */
export interface UserRecord {
  /** Letters of any script, 0-9, `-`, `.`, `_`, `@`. */
  readonly name: string;
  /** `normal` if left out. */
  readonly type?: UserType | undefined;
  readonly hash: string;
  /** None if left out. */
  readonly permissions?: readonly Permission[] | undefined;
}

/** Reads a user that can be stored, made canonical and frozen. Its messages never show a hash. */
export const userSchema: () => ZodType<StoredUser, UserRecord> = once(() => {
  const { z } = lazy.zod();
  return z
    .strictObject(
      {
        name: z.string('name must be a string').superRefine((name, context) => {
          try {
            checkUserName(name);
          } catch (error) {
            if (!(error instanceof InvalidRequestError)) throw error;
            context.addIssue(error.message);
          }
        }),
        type: z.enum(['admin', 'normal'], 'type must be "admin" or "normal"').default('normal'),
        hash: z
          .string('hash must be a string')
          .refine(isBcryptHash, 'hash must be a bcrypt hash: $2a$, $2b$ or $2y$, cost 04 to 31'),
        permissions: z
          .array(
            z.enum(PERMISSIONS, `permissions must be among ${PERMISSIONS.join(', ')}`),
            'permissions must be a list',
          )
          .default([])
          .transform(canonicalPermissions),
      },
      {
        error: ({ code }) =>
          code === 'invalid_type'
            ? 'a user must be an object with name, type, hash and permissions'
            : undefined,
      },
    )
    .readonly();
});

/**
 * Brings a user into the form in which it is stored: frozen, its permissions canonical.
 *
 * @throws InvalidRequestError if it can't be stored: a name, type or permission that doesn't exist,
 *   a hash of an unknown scheme
 */
export function canonicalUser(user: UserRecord): StoredUser {
  const { data, error } = userSchema().safeParse(user);
  if (data !== undefined) return data;
  throw invalidRequest(error.issues.map(({ message }) => message).join('; '));
}
