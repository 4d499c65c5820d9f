import { LONGEST_GRANTS } from '../rules/stored-user.js';
import { columnsOf, unusableRow, userFromColumns } from '../rules/user-columns.js';
import { USER_FIELDS } from '../rules/user-fields.js';
import type { StoredUser } from '../user-store.js';
import type { RowForm } from './database.js';
import { keyColumns, shownKey } from './row-key.js';
import {
  decodeText,
  flagColumn,
  isKeyedRow,
  longTextColumn,
  textColumn,
  undecoded,
} from './text-column.js';

/** The same columns as they are read, even from a damaged row. */
export const USER_READ: string = [
  keyColumns('name'),
  ...['type', 'hash', 'permissions'].map(textColumn),
  longTextColumn('grants', LONGEST_GRANTS),
  flagColumn('disabled'),
  ...['created', 'changed', 'sessions'].map(textColumn),
].join(', ');

/** A user's row as it is read. */
export type UserRow = [
  kind: string,
  name: Uint8Array,
  type: Uint8Array | null,
  hash: Uint8Array | null,
  permissions: Uint8Array | null,
  grants: Uint8Array | null,
  disabled: Uint8Array | null,
  created: Uint8Array | null,
  changed: Uint8Array | null,
  sessions: Uint8Array | null,
];

export const isUserRow: RowForm<UserRow> = (row): row is UserRow =>
  isKeyedRow(row, USER_FIELDS.length + 1);

/** A user's row as it is written: a value of each column. */
type WrittenRow = [
  name: string,
  type: string,
  hash: string,
  permissions: string,
  grants: string,
  disabled: number,
  created: string,
  changed: string,
  sessions: string,
];

export function rowOf(user: StoredUser): WrittenRow {
  const { name, type, hash, permissions, grants, disabled, ...others } = columnsOf(user);
  const { created, changed, sessions } = others;
  return [name, type, hash, permissions, grants, Number(disabled), created, changed, sessions];
}

/** Returns true if a row is that of a name: half a surrogate pair reaches SQLite as U+FFFD. */
export function isRowOf(row: UserRow, name: string): boolean {
  return decodeText(row[1]) === name;
}

/**
 * @throws UnusableUserError if the row is damaged, or if another program wrote unusable values,
 *   such as a hash of another scheme
 */
export function userFromRow([kind, key, ...columns]: UserRow): StoredUser {
  const name = kind === 'text' ? decodeText(key) : undefined;
  const shown = shownKey([kind, key]);
  if (name === undefined) throw unusableRow(shown, undecoded({ name }));
  const [type, hash, permissions, grants, flag, ...others] = columns.map(decodeText);
  const [created, changed, sessions] = others;
  const texts = [
    ...undecoded({ type, hash, permissions, grants, created, changed, sessions }),
    ...(flag === undefined ? ['disabled is neither 0 nor 1'] : []),
  ];
  if (texts.length > 0) throw unusableRow(shown, texts);
  const disabled = flag === '1';
  const read = { name, type, hash, permissions, grants, disabled, created, changed, sessions };
  return userFromColumns(read, shown);
}
