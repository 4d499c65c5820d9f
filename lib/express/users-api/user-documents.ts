import { z } from 'zod';
import { invalidRequest } from '../../invalid-request.js';
import type { NewUser, UserInfo, UserUpdate } from '../../manage/user-forms.js';
import { canonicalGrants } from '../../privileges/grant.js';
import { PERMISSIONS } from '../../privileges/permission.js';
import { USERS_PATH } from './users-path.js';

const PERMISSIONS_ACCEPTED = `permissions must be a list of ${PERMISSIONS.join(', ')}`;

const GRANTS_ACCEPTED = 'grants must be a list of texts such as "write:database/telegraf"';

// Kapacitor's client writes null for values that it leaves out.
const newUserSchema = z.object({
  name: z.string('name must be a string').nullish(),
  password: z.string('password must be a string').nullish(),
  type: z.enum(['admin', 'normal'], 'type must be "admin" or "normal"').nullish(),
  permissions: z.array(z.enum(PERMISSIONS, PERMISSIONS_ACCEPTED), PERMISSIONS_ACCEPTED).nullish(),
  grants: z.array(z.string(GRANTS_ACCEPTED), GRANTS_ACCEPTED).nullish(),
  disabled: z.boolean('disabled must be true or false').nullish(),
});
const userUpdateSchema = newUserSchema.omit({ name: true });

/** The schemas by which documents in requests are read, for a description of the API. */
export const USER_FORMS: { readonly newUser: z.ZodType; readonly update: z.ZodType } = {
  newUser: newUserSchema,
  update: userUpdateSchema,
};

/** The keys of a document that describes a new user. */
export const NEW_USER_KEYS: readonly string[] = Object.keys(newUserSchema.shape);

/** The keys of a document that changes a user. */
export const USER_UPDATE_KEYS: readonly string[] = Object.keys(userUpdateSchema.shape);

/** @throws InvalidRequestError that names each field that can't be read, and what is accepted */
export function parseNewUser(document: unknown): NewUser {
  const { name, password, type, permissions, grants, disabled } = parse(newUserSchema, document);
  return {
    name: name ?? '',
    password: password ?? '',
    type: type ?? undefined,
    permissions: permissions ?? undefined,
    grants: grants ? canonicalGrants(grants) : undefined,
    disabled: disabled ?? undefined,
  };
}

/**
 * An empty password changes nothing, as in Kapacitor.
 *
 * @throws InvalidRequestError that names each field that can't be read, and what is accepted
 */
export function parseUserUpdate(document: unknown): UserUpdate {
  const { password, type, permissions, grants, disabled } = parse(userUpdateSchema, document);
  return {
    ...(password && { password }),
    type: type ?? undefined,
    permissions: permissions ?? undefined,
    grants: grants ? canonicalGrants(grants) : undefined,
    disabled: disabled ?? undefined,
  };
}

function parse<T>(schema: z.ZodType<T>, document: unknown): T {
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  const problems = new Set(result.error.issues.map(({ message }) => message));
  throw invalidRequest([...problems].join('; '));
}

/** A user in the form of the API: as in Kapacitor, unless it is disabled or has grants. */
export interface UserDocument extends UserInfo {
  readonly link: { readonly rel: 'self'; readonly href: string };
}

/**
 * Shows a user. The path in `link` is not encoded, as in Kapacitor: its client encodes the link.
 */
export function userDocument({
  name,
  type,
  permissions,
  grants,
  disabled,
}: UserInfo): UserDocument {
  const link = { rel: 'self', href: `${USERS_PATH}/${name}` } as const;
  const more = { ...(grants && { grants }), ...(disabled && { disabled }) };
  return { link, name, type, permissions, ...more };
}
