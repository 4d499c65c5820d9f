import type { ZodType } from 'zod';
import { InvalidRequestError } from '../../errors.js';
import { invalidRequest } from '../../invalid-request.js';
import { lazy, once } from '../../lazy.js';
import { canonicalGrants, LONGEST_GRANT, MOST_GRANTS } from '../../privileges/grant.js';
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
  /** None if left out; an administrator has none. */
  readonly grants?: readonly string[] | undefined;
  /** True if the user can't log in; false if left out. */
  readonly disabled?: boolean | undefined;
  /** The time at which the user was added (ISO 8601 in UTC); unknown if left out. */
  readonly created?: string | undefined;
  /** The time of the last change (ISO 8601 in UTC); unknown if left out. */
  readonly changed?: string | undefined;
  /** All sessions of the user are bound to it: 16 to 64 characters of base64url, or left out. */
  readonly sessions?: string | undefined;
}

/** Bytes that all grants of a user have at most, each with a character behind it. */
export const LONGEST_GRANTS: number = MOST_GRANTS * (LONGEST_GRANT + 1);

export const NEEDS_NO_GRANTS = 'an administrator needs no grants';

/** Reads a user that can be stored, made canonical and frozen. Its messages never show a hash. */
export const userSchema: () => ZodType<StoredUser, UserRecord> = once(() => {
  const { z } = lazy.zod();
  return z
    .strictObject(
      {
        name: nameSchema(),
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
        grants: grantsSchema(),
        disabled: z.boolean('disabled must be true or false').default(false),
        created: timeSchema('created'),
        changed: timeSchema('changed'),
        sessions: sessionsSchema(),
      },
      {
        error: ({ code }) =>
          code === 'invalid_type'
            ? 'a user must be an object with name, type, hash and permissions'
            : undefined,
      },
    )
    .transform(({ grants, disabled, created, changed, sessions, ...user }, context): StoredUser => {
      if (grants.length > 0 && user.type === 'admin') {
        context.addIssue({ code: 'custom', path: ['grants'], message: NEEDS_NO_GRANTS });
      }
      // What is left out has no key: records of users who have none of it are as they always were.
      return {
        ...user,
        ...(grants.length > 0 && { grants }),
        ...(disabled && { disabled }),
        ...(created !== undefined && { created }),
        ...(changed !== undefined && { changed }),
        ...(sessions !== undefined && { sessions }),
      };
    })
    .readonly();
});

function nameSchema(): ZodType<string, string> {
  const { z } = lazy.zod();
  return z.string('name must be a string').superRefine((name, context) => {
    try {
      checkUserName(name);
    } catch (error) {
      if (!(error instanceof InvalidRequestError)) throw error;
      context.addIssue(error.message);
    }
  });
}

function timeSchema(what: string): ZodType<string | undefined, string | undefined> {
  const example = `${what} must be a time such as "2026-11-24T10:00:00.000Z"`;
  return lazy.zod().iso.datetime(example).optional();
}

function sessionsSchema(): ZodType<string | undefined, string | undefined> {
  const { z } = lazy.zod();
  const wrong = 'sessions must be 16 to 64 characters of base64url';
  return z
    .string(wrong)
    .regex(/^[\w-]{16,64}$/, wrong)
    .optional();
}

function grantsSchema(): ZodType<readonly string[], readonly string[] | undefined> {
  const { z } = lazy.zod();
  return z
    .array(z.string('a grant must be a string'), 'grants must be a list')
    .readonly()
    .default([])
    .transform((grants, context) => {
      try {
        return canonicalGrants(grants);
      } catch (error) {
        if (!(error instanceof InvalidRequestError)) throw error;
        context.addIssue(error.message);
        return z.NEVER;
      }
    });
}

/**
 * Brings a user into the form in which it is stored: frozen, its permissions and grants canonical.
 *
 * @throws InvalidRequestError if it can't be stored: a name, type, permission or grant that doesn't
 *   exist, a hash of an unknown scheme
 */
export function canonicalUser(user: UserRecord): StoredUser {
  const { data, error } = userSchema().safeParse(user);
  if (data !== undefined) return data;
  throw invalidRequest(error.issues.map(({ message }) => message).join('; '));
}
