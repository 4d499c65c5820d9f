import { Turn } from '../../turns.js';
import type { ListOptions } from '../list-options.js';
import { FoundUsers } from '../rules/found-users.js';
import type { ListQuery } from '../rules/list-query.js';
import { listQuery } from '../rules/list-query.js';
import { compareNames } from '../rules/name-order.js';
import type { NamePattern } from '../rules/name-pattern.js';
import { parseNamePattern } from '../rules/name-pattern.js';
import type { UserFilter } from '../rules/user-filter.js';
import { passesFilter } from '../rules/user-filter.js';
import type { StoredUser } from '../user-store.js';
import type { SqliteDatabase } from './database.js';
import { damagedDatabase } from './failure.js';
import { filterSql, indexOf } from './filter-sql.js';
import { namelessRows } from './nameless-rows.js';
import type { RowKey } from './row-key.js';
import { hexOf, isKeyRow, keyColumns, shownKey } from './row-key.js';
import type { UserRow } from './user-row.js';
import { isUserRow, USER_READ, userFromRow } from './user-row.js';

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

/** The columns that filters look at. */
const FILTERED = 'name, type, permissions, grants, disabled';

/** The statements that find users by their names and by a filter. */
interface Statements {
  readonly names: string;
  readonly nameBehind: string;
  readonly user: string;
}

function statementsOf(filter: UserFilter | undefined): Statements {
  const index = filter && indexOf(filter);
  const users = index === undefined ? 'users' : `users INDEXED BY ${index.name}`;
  const further = index === undefined ? '' : ` AND ${index.condition}`;
  const range = `FROM ${users} WHERE ${FROM} AND name < CAST(unhex(?2) AS TEXT)${further} ORDER BY name`;
  const passing = (grant: string): string => (filter ? ` AND ${filterSql(filter, grant)}` : '');
  return {
    names: `
  SELECT ${NAME} FROM (SELECT ${filter ? FILTERED : 'name'} ${range} LIMIT ${String(NAMES)})
  WHERE name GLOB ?3${passing('?4')} ORDER BY name`,
    nameBehind: `SELECT ${NAME} ${range} LIMIT 1 OFFSET ${String(NAMES)}`,
    user: `${SELECT_USER}${passing('?2')}`,
  };
}

/** Behind a prefix, it makes an upper bound for all names with that prefix. */
const ABOVE_ALL = Buffer.alloc(8, 0xff);

/**
 * Patterns that mean the same to SQLite's GLOB, which can then skip names that don't match. They
 * are so short that a few hundred names of the greatest length take it no time.
 */
const GLOB = /^[^[\\]{1,16}$/;

const ANY_NAME = parseNamePattern('*');

/** The columns of a row of which only the key can be read. */
const NO_COLUMNS = [null, null, null, null, null, null, null, null] as const;

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
  const { pattern = ANY_NAME } = query;
  const turn = await Turn.take();
  const found = new FoundUsers(userFromRow, options.onUnusable);
  if (pattern === ANY_NAME && query.filter === undefined)
    await readPages(database, query, { turn, found });
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
  const { pattern, filter, after, offset, limit } = listQuery(options);
  return database
    .rows(isUserRow, SELECT_ALL)
    .map(userFromRow)
    .filter(({ name }) => pattern?.matches(name) ?? true)
    .filter((user) => filter === undefined || passesFilter(user, filter))
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
    const page = database.rows(isUserRow, SELECT_PAGE, hexOf(from[1]), size);
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
    const key = database.row(isKeyRow, SELECT_NAME_AT, hexOf(from), Math.min(left, STRIDE));
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
  const { pattern, filter, glob, after, offset, limit } = query;
  const statements = statementsOf(filter);
  const grant = filter?.grant === undefined ? [] : [hexOf(Buffer.from(filter.grant))];
  const prefix = Buffer.from(pattern.prefix);
  const start = startAfter(after);
  const end = hexOf(Buffer.concat([prefix, ABOVE_ALL]));
  let left = offset;
  let from: RowKey | undefined = ['text', Buffer.compare(start, prefix) > 0 ? start : prefix];
  while (from !== undefined) {
    const hex = hexOf(from[1]);
    for (const key of database.rows(isKeyRow, statements.names, hex, end, glob, ...grant)) {
      if (found.count >= limit) return;
      await turn.passIfOver();
      if (!pattern.matches(shownKey(key))) continue;
      left -= 1;
      if (left < 0)
        addNamed(key, found, (name) => database.rows(isUserRow, statements.user, name, ...grant));
    }
    const next = database.row(isKeyRow, statements.nameBehind, hex, end);
    from = next && onward(database, from, next);
    await turn.passIfOver();
  }
}

/** Adds the user of a name, unless the user was deleted or changed in the meantime. */
function addNamed(
  [kind, name]: RowKey,
  found: FoundUsers<UserRow>,
  find: (name: string) => readonly UserRow[],
): void {
  if (kind === 'text') find(hexOf(name)).forEach(found.add);
  else found.add([kind, name, ...NO_COLUMNS]);
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
