import { setImmediate as othersTurn } from 'node:timers/promises';
import { z } from 'zod';
import { listQuery } from '../list-query.js';
import { USER_COLUMNS, userOf, userRow } from './user-row.js';
import type { SqliteDatabase } from './database.js';
import type { ListOptions, StoredUser } from '../user-store.js';

/** How many users are read at a time, so that a long list leaves others their turn. */
const PAGE = 200;

const SELECT_PAGE = `
  SELECT ${USER_COLUMNS} FROM users WHERE name >= ? AND name < ? AND name GLOB ?
  ORDER BY name LIMIT ${String(PAGE)}`;

const SELECT_NAME_AT = `
  WITH block AS MATERIALIZED (
    SELECT first, before
    FROM (SELECT first, sum(users) OVER (ORDER BY first) - users AS before FROM blocks)
    WHERE before <= ?1 ORDER BY first DESC LIMIT 1
  )
  SELECT name FROM users WHERE name >= (SELECT first FROM block)
  ORDER BY name LIMIT 1 OFFSET ?1 - (SELECT before FROM block)`;

const nameRow = z.tuple([z.string()]);

/** Stands above all names with the prefix that it is appended to, as no name holds it. */
const ABOVE_ALL = '\u{10ffff}';

/** Patterns that mean the same to SQLite's GLOB, which can then leave out the users that don't match. */
const GLOB = /^[^[\\]{1,1000}$/;

/**
 * Users in the order of their names.
 *
 * @throws InvalidRequestError for a bad pattern, offset or limit
 */
export async function listUsers(
  database: SqliteDatabase,
  options: ListOptions = {},
): Promise<readonly StoredUser[]> {
  const { pattern, offset, limit } = listQuery(options);
  const end = `${pattern?.prefix ?? ''}${ABOVE_ALL}`;
  const glob = GLOB.exec(options.pattern ?? '')?.[0] ?? '*';
  const users: StoredUser[] = [];
  let skip = pattern === undefined ? 0 : offset;
  let from = pattern === undefined ? nameAt(database, offset) : pattern.prefix;
  while (from !== undefined && users.length < limit) {
    const page = database.rows(userRow, SELECT_PAGE, from, end, glob);
    const matching = page.filter(([name]) => pattern?.matches(name) ?? true);
    users.push(...matching.slice(skip, skip + limit - users.length).map(userOf));
    skip = Math.max(0, skip - matching.length);
    const last = page[PAGE - 1];
    from = last && `${last[0]}\0`;
    await othersTurn();
  }
  return users;
}

/** The name at a place in the list, counted from the start of its block rather than that of the list. */
function nameAt(database: SqliteDatabase, offset: number): string | undefined {
  return database.row(nameRow, SELECT_NAME_AT, offset)?.[0];
}
