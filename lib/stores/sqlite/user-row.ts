import { z } from 'zod';
import { StoreUnavailableError } from '../../errors.js';
import { userSchema } from '../rules/stored-user.js';
import type { StoredUser } from '../user-store.js';

/** The columns of a user's row, in order. */
export const USER_COLUMNS = 'name, type, hash, permissions';

/** A user's row; permissions are separated by commas. */
export type UserRow = [name: string, type: string, hash: string, permissions: string];

export const userRow: z.ZodType<UserRow> = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.string(),
]);

export function rowOf({ name, type, hash, permissions }: StoredUser): UserRow {
  return [name, type, hash, permissions.join(',')];
}

/** @throws StoreUnavailableError where somebody else wrote what can't be used, such as a hash of another scheme */
export function userOf([name, type, hash, permissions]: UserRow): StoredUser {
  const { data, error } = userSchema().safeParse({
    name,
    type,
    hash,
    permissions: permissions === '' ? [] : permissions.split(','),
  });
  if (data !== undefined) return data;
  const problems = error.issues.map(({ message }) => message).join('; ');
  throw new StoreUnavailableError(
    `user ${JSON.stringify(name)} can't be used as it is in the database: ${problems}. Delete the user and create it again`,
  );
}
