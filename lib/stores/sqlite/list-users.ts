import { z } from 'zod';
import { listQuery } from '../rules/list-query.js';
import type { ListQuery } from '../rules/list-query.js';
import type { NamePattern } from '../rules/name-pattern.js';
import { Turn } from '../../turns.js';
import { USER_COLUMNS, userOf, userRow } from './user-row.js';
import type { SqliteDatabase } from './database.js';
import type { ListOptions, StoredUser } from '../user-store.js';

/** How many users are read at a time, and how many names are looked through, so that a long list leaves others their turn. */
const PAGE = 100;
const NAMES = 500;

const SELECT_PAGE = `SELECT ${USER_COLUMNS} FROM users WHERE name >= ? ORDER BY name LIMIT ?`;

const SELECT_USER = `SELECT ${USER_COLUMNS} FROM users WHERE name = ?`;

const SELECT_NAME_AT = `
  WITH block AS MATERIALIZED (
    SELECT first, before
    FROM (SELECT first, sum(users) OVER (ORDER BY first) - users AS before FROM blocks)
    WHERE before <= ?1 ORDER BY first DESC LIMIT 1
  )
  SELECT name FROM users WHERE name >= (SELECT first FROM block)
  ORDER BY name LIMIT 1 OFFSET ?1 - (SELECT before FROM block)`;

const RANGE = 'FROM users WHERE name >= ?1 AND name < ?2 ORDER BY name';

const SELECT_NAMES = `
  SELECT name FROM (SELECT name ${RANGE} LIMIT ${String(NAMES)}) WHERE name GLOB ?3 ORDER BY name`;

const SELECT_NAME_BEHIND = `SELECT name ${RANGE} LIMIT 1 OFFSET ${String(NAMES)}`;

const nameRow = z.tuple([z.string()]);

/** Stands above all names with the prefix that it is appended to, as no name holds it. */
const ABOVE_ALL = '\u{10ffff}';

/**
 * Patterns that mean the same to SQLite's GLOB, which can then leave out names that don't match, and so short that some hundred
 * names of the greatest length take it no time.
 */
const GLOB = /^[^[\\]{1,16}$/;

/**
 * Users in the order of their names.
 *
 * @throws InvalidRequestError for a bad pattern, offset or limit; OverloadedError when too many lists are being made
 */
export async function listUsers(
  database: SqliteDatabase,
  options: ListOptions = {},
): Promise<readonly StoredUser[]> {
  const query = listQuery(options);
  const { pattern } = query;
  const turn = await Turn.take();
  if (pattern === undefined) return readPages(database, query, turn);
  const glob = GLOB.exec(options.pattern ?? '')?.[0] ?? '*';
  return readMatching(database, { ...query, pattern, glob }, turn);
}

/** The users of a part of the list. */
async function readPages(
  database: SqliteDatabase,
  { offset, limit }: ListQuery,
  turn: Turn,
): Promise<readonly StoredUser[]> {
  const users: StoredUser[] = [];
  let from = nameAt(database, offset);
  while (from !== undefined && users.length < limit) {
    const size = Math.min(PAGE, limit - users.length);
    const page = database.rows(userRow, SELECT_PAGE, from, size);
    users.push(...page.map(userOf));
    const last = page[PAGE - 1];
    from = last && `${last[0]}\0`;
    await turn.passIfOver();
  }
  return users;
}

/** The users whose names match. */
async function readMatching(
  database: SqliteDatabase,
  query: ListQuery & { readonly pattern: NamePattern; readonly glob: string },
  turn: Turn,
): Promise<readonly StoredUser[]> {
  const { pattern, glob, offset, limit } = query;
  const users: StoredUser[] = [];
  const end = `${pattern.prefix}${ABOVE_ALL}`;
  let left = offset;
  let from: string | undefined = pattern.prefix;
  while (from !== undefined) {
    for (const [name] of database.rows(nameRow, SELECT_NAMES, from, end, glob)) {
      if (users.length >= limit) return users;
      await turn.passIfOver();
      if (!pattern.matches(name)) continue;
      left -= 1;
      // Whoever was deleted since is no user any more.
      if (left < 0) users.push(...database.rows(userRow, SELECT_USER, name).map(userOf));
    }
    from = database.row(nameRow, SELECT_NAME_BEHIND, from, end)?.[0];
    await turn.passIfOver();
  }
  return users;
}

/** The name at a place in the list, counted from the start of its block rather than that of the list. */
function nameAt(database: SqliteDatabase, offset: number): string | undefined {
  return database.row(nameRow, SELECT_NAME_AT, offset)?.[0];
}
