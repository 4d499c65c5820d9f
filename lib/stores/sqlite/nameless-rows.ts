import type { SqliteDatabase } from './database.js';
import type { UserRow } from './user-row.js';
import { isUserRow, USER_READ } from './user-row.js';

/** Limit of rows that are found at either end of the table: once they are removed, others show. */
const MOST = 100;

/** SQLite orders NULL and numbers before all texts. Its optimizer takes a name to be never NULL. */
const SELECT_FIRST = `
  SELECT ${USER_READ} FROM (SELECT * FROM users ORDER BY name LIMIT ${String(MOST)})
  WHERE typeof(name) NOT IN ('text', 'blob') ORDER BY name`;

/** It orders bytes after all texts. */
const SELECT_LAST = `
  SELECT ${USER_READ} FROM users WHERE name >= x'' ORDER BY name LIMIT ${String(MOST)}`;

/** The damaged rows whose name is no text: those of NULL, a number or bytes. */
export function namelessRows(database: SqliteDatabase): readonly UserRow[] {
  return [SELECT_FIRST, SELECT_LAST].flatMap((sql) => database.rows(isUserRow, sql));
}
