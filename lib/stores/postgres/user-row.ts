import { shownBytes } from '../rules/shown-bytes.js';
import { LONGEST_GRANTS } from '../rules/stored-user.js';
import { columnsOf, userFromColumns } from '../rules/user-columns.js';
import type { USER_FIELDS } from '../rules/user-fields.js';
import type { StoredUser } from '../user-store.js';
import { textOf } from './text-of.js';

/** The columns of a user's row in the order in which they are written, and their types. */
export const USER_COLUMNS: Readonly<Record<(typeof USER_FIELDS)[number], string>> = {
  name: 'text',
  type: 'text',
  hash: 'text',
  permissions: 'text',
  grants: 'text',
  disabled: 'boolean',
  created: 'text',
  changed: 'text',
  sessions: 'text',
};

/** The same columns as they are read: no more of each than any user has. */
export const USER_READ: string = [
  'name',
  'left(type, 16)',
  'left(hash, 64)',
  'left(permissions, 1024)',
  `left(grants, ${String(LONGEST_GRANTS + 1)})`,
  'disabled::text',
  'left(created, 64)',
  'left(changed, 64)',
  'left(sessions, 65)',
].join(', ');

/** A row in the order of the columns. */
export function rowOf(user: StoredUser): readonly string[] {
  const { name, type, hash, permissions, grants, disabled, ...others } = columnsOf(user);
  const { created, changed, sessions } = others;
  return [name, type, hash, permissions, grants, String(disabled), created, changed, sessions];
}

/** The name in a row. */
export function nameOf([name]: readonly unknown[]): string {
  return textOf(name);
}

/** Writes a name for people, be it a damaged one: invisible characters as `\xff`. */
export function shownName(name: string): string {
  return shownBytes(Buffer.from(name));
}

/**
 * @throws UnusableUserError if another program wrote unusable values, such as a hash of another
 *   scheme
 */
export function userFromRow(row: readonly unknown[]): StoredUser {
  const [name = '', type, hash, permissions, grants, flag, ...others] = row.map(textOf);
  const [created, changed, sessions] = others;
  const disabled = flag === 'true';
  const columns = { name, type, hash, permissions, grants, disabled, created, changed, sessions };
  return userFromColumns(columns, shownName(name));
}
