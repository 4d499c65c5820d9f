import { Turn } from '../../turns.js';
import type { ListOptions } from '../list-options.js';
import { FoundUsers } from '../rules/found-users.js';
import type { ListQuery } from '../rules/list-query.js';
import { listQuery } from '../rules/list-query.js';
import { compareNames } from '../rules/name-order.js';
import type { NamePattern } from '../rules/name-pattern.js';
import type { StoredUser } from '../user-store.js';
import type { SqliteDatabase } from './database.js';
import { damagedDatabase } from './failure.js';
import { namelessRows } from './nameless-rows.js';
import type { RowKey } from './row-key.js';
import { hexOf, keyColumns, keyRow, shownKey } from './row-key.js';
import type { UserRow } from './user-row.js';
import { USER_READ, userFromRow, userRow } from './user-row.js';

/** Users per query, and names per query, so that a long list lets others take their turn. */
const PAGE = 100;
const NAMES = 500;

/** Names are parameters in hexadecimal digits of their bytes, which need not be UTF-8. */
const FROM = 'name >= CAST(unhex(?1) AS TEXT)';

/** Without names of bytes, which come after all texts. */
const TEXTS = `${FROM} AND name < x''`;

const SELECT_PAGE = `SELECT ${USER_READ} FROM users WHERE ${TEXTS} ORDER BY name LIMIT ?2`;

const SELECT_ALL = `SELECT ${USER_READ} FROM users ORDER BY name`;

const SELECT_USER = `SELECT ${USER_READ} FROM users WHERE name = CAST(unhex(?1) AS TEXT)`;

const NAME = keyColumns('name');

const SELECT_NAME_AT = `SELECT ${NAME} FROM users WHERE ${TEXTS} ORDER BY name LIMIT 1 OFFSET ?2`;

/** Limit of the names that are walked over in one piece, on the way to a page deep in a list. */
const STRIDE = 10_000;

const RANGE = `FROM users WHERE ${FROM} AND name < CAST(unhex(?2) AS TEXT) ORDER BY name`;

const SELECT_NAMES = `
  SELECT ${NAME} FROM (SELECT name ${RANGE} LIMIT ${String(NAMES)}) WHERE name GLOB ?3 ORDER BY name`;

const SELECT_NAME_BEHIND = `SELECT ${NAME} ${RANGE} LIMIT 1 OFFSET ${String(NAMES)}`;

/** Behind a prefix, it makes an upper bound for all names with that prefix. */
const ABOVE_ALL = Buffer.alloc(8, 0xff);

/**
 * Patterns that mean the same to SQLite's GLOB, which can then skip names that don't match. They
 * are so short that a few hundred names of the greatest length take it no time.
 */
const GLOB = /^[^[\\]{1,16}$/;

/**
 * Lists users in the order of their names.
 *
 * @throws InvalidRequestError for a bad pattern, offset or limit; OverloadedError if too many lists
 *   are being made; UnusableUserError for a damaged user without `onUnusable`
 */
export async function listUsers(
  database: SqliteDatabase,
  options: ListOptions = {},
): Promise<readonly StoredUser[]> {
  const query = listQuery(options);
  const { pattern } = query;
  const turn = await Turn.take();
  const found = new FoundUsers(userFromRow, options.onUnusable);
  if (pattern === undefined) await readPages(database, query, { turn, found });
  else {
    const glob = GLOB.exec(options.pattern ?? '')?.[0] ?? '*';
    await readMatching(database, { ...query, pattern, glob }, { turn, found });
  }
  return found.users;
}

/**
 * As {@link listUsers}, in one piece that lets nobody else take a turn: only for a database in
 * memory, in which nobody can damage a row.
 *
 * @throws InvalidRequestError for a bad pattern, offset or limit
 */
export function listUsersInOnePiece(
  database: SqliteDatabase,
  options: ListOptions,
): readonly StoredUser[] {
  const { pattern, after, offset, limit } = listQuery(options);
  return database
    .rows(userRow, SELECT_ALL)
    .map(userFromRow)
    .filter(({ name }) => pattern?.matches(name) ?? true)
    .filter(({ name }) => after === undefined || compareNames(name, after) > 0)
    .slice(offset, offset + limit);
}

/** The state of a list in the making. */
interface Listing {
  readonly turn: Turn;
  readonly found: FoundUsers<UserRow>;
}

/** Finds the users of a part of the list. */
async function readPages(
  database: SqliteDatabase,
  { after, offset, limit }: ListQuery,
  { turn, found }: Listing,
): Promise<void> {
  // Rows without a name come first, on no page behind a name.
  const nameless = after === undefined ? namelessRows(database) : [];
  nameless.slice(offset, offset + limit).forEach(found.add);
  const left = Math.max(0, offset - nameless.length);
  let from = await nameAt(database, startAfter(after), left, turn);
  while (from !== undefined && found.count < limit) {
    const size = Math.min(PAGE, limit - found.count);
    const page = database.rows(userRow, SELECT_PAGE, hexOf(from[1]), size);
    page.forEach(found.add);
    const last = page[PAGE - 1];
    from = last && onward(database, from, ['text', behind(last)]);
    await turn.passIfOver();
  }
}

/** The name so many names behind a place, found in steps that leave others their turn. */
async function nameAt(
  database: SqliteDatabase,
  place: Uint8Array,
  offset: number,
  turn: Turn,
): Promise<RowKey | undefined> {
  let from = place;
  for (let left = offset; ; left -= STRIDE) {
    const key = database.row(keyRow, SELECT_NAME_AT, hexOf(from), Math.min(left, STRIDE));
    if (key === undefined || left <= STRIDE) return key;
    [, from] = key;
    await turn.passIfOver();
  }
}

/** The place in the order of names right behind a name. */
function startAfter(name: string | undefined): Uint8Array {
  return name === undefined ? Buffer.alloc(0) : behind(['text', Buffer.from(name)]);
}

/** Finds the users whose names match. */
async function readMatching(
  database: SqliteDatabase,
  query: ListQuery & { readonly pattern: NamePattern; readonly glob: string },
  { turn, found }: Listing,
): Promise<void> {
  const { pattern, glob, after, offset, limit } = query;
  const prefix = Buffer.from(pattern.prefix);
  const start = startAfter(after);
  const end = hexOf(Buffer.concat([prefix, ABOVE_ALL]));
  let left = offset;
  let from: RowKey | undefined = ['text', Buffer.compare(start, prefix) > 0 ? start : prefix];
  while (from !== undefined) {
    const hex = hexOf(from[1]);
    for (const key of database.rows(keyRow, SELECT_NAMES, hex, end, glob)) {
      if (found.count >= limit) return;
      await turn.passIfOver();
      if (!pattern.matches(shownKey(key))) continue;
      left -= 1;
      if (left < 0) addNamed(database, key, found);
    }
    const next = database.row(keyRow, SELECT_NAME_BEHIND, hex, end);
    from = next && onward(database, from, next);
    await turn.passIfOver();
  }
}

/** Adds the user of a name, unless the user was deleted in the meantime. */
function addNamed(database: SqliteDatabase, key: RowKey, found: FoundUsers<UserRow>): void {
  const [kind, name] = key;
  if (kind === 'text') database.rows(userRow, SELECT_USER, hexOf(name)).forEach(found.add);
  else found.add([kind, name, null, null, null, null, null, null, null]);
}

/**
 * Returns the next bytes after those of a name. If the name is too long to be read whole, they come
 * after all names with the same beginning.
 */
function behind([kind, name]: RowKey | UserRow): Uint8Array {
  return Buffer.concat([name, kind === 'text' ? Buffer.alloc(1) : ABOVE_ALL]);
}

/**
 * Checks that a list goes on: with names out of order, as in a damaged database, it might never
 * end.
 *
 * @throws StoreUnavailableError if it does not go on
 */
function onward(database: SqliteDatabase, from: RowKey, next: RowKey): RowKey {
  if (Buffer.compare(next[1], from[1]) > 0) return next;
  throw damagedDatabase(database.path);
}
