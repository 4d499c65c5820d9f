import { z } from 'zod';
import { InvalidRequestError } from '../errors.js';
import { canonicalPermissions, PERMISSIONS } from '../privileges/permission.js';
import { isBcryptHash } from './bcrypt-hash.js';
import type { UserRecord } from './canonical-user.js';
import { checkUserName } from './user-name.js';
import type { StoredUser } from './user-store.js';

/**
 * A user that can be kept, made canonical and frozen. Its messages speak for themselves and never show
 * a hash.
 */
export const userSchema: z.ZodType<StoredUser, UserRecord> = z
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
