import { Turn } from '../../turns.js';
import type { ListOptions } from '../list-options.js';
import { FoundUsers } from '../rules/found-users.js';
import type { ListQuery } from '../rules/list-query.js';
import { listQuery } from '../rules/list-query.js';
import type { StoredUser } from '../user-store.js';
import type { Conditions } from './filter-sql.js';
import { filterSql } from './filter-sql.js';
import type { PostgresSession } from './postgres-line.js';
import { isAskable } from './text-of.js';
import { nameOf, shownName, USER_READ, userFromRow } from './user-row.js';

/** Users per query. */
const PAGE = 500;

/** Milliseconds that a query may take: it may walk over a million names to find a few. */
const WITHIN = 10_000;

/** Comes after all names with the same beginning. */
const LAST = '\u{10ffff}';

/**
 * Patterns so short that PostgreSQL can try them on many names, which spares reading those here.
 */
const SHORT = /^[^[\\%_]{1,16}$/;

/**
 * Lists users in the order of their names, page by page.
 *
 * @throws InvalidRequestError for a bad pattern, offset or limit; OverloadedError if too many lists
 *   are being made; UnusableUserError for a damaged user without `onUnusable`
 */
export async function listUsers(
  session: PostgresSession,
  schema: string,
  options: ListOptions = {},
): Promise<readonly StoredUser[]> {
  const query = listQuery(options);
  const found = new FoundUsers(userFromRow, options.onUnusable);
  const place = await startOf(session, schema, query);
  if (place === undefined || query.limit === 0) return [];
  const turn = await Turn.take();
  let left = query.pattern === undefined ? 0 : query.offset;
  for await (const row of readRows(session, schema, rangeOf(query, options.pattern, place))) {
    await turn.passIfOver();
    if (query.pattern?.matches(shownName(nameOf(row))) === false) continue;
    left -= 1;
    if (left >= 0) continue;
    found.add(row);
    if (found.count >= query.limit) break;
  }
  return found.users;
}

/** The name after which to begin: that before the offset, as far as it counts all names. */
async function startOf(
  session: PostgresSession,
  schema: string,
  { pattern, filter, after = '', offset }: ListQuery,
): Promise<string | undefined> {
  // No name has a NUL: those after one with a NUL are those after the part before it.
  const place = (after.split('\0')[0] ?? '').toWellFormed();
  if (pattern !== undefined || offset === 0) return place;
  const { conditions, values } = filterSql(filter, 3);
  const sql = `SELECT name FROM ${schema}.users
    WHERE ${['name > $1', ...conditions].join(' AND ')} ORDER BY name LIMIT 1 OFFSET $2`;
  const { rows } = await session.query(sql, [place, offset - 1, ...values], WITHIN);
  return rows[0] && nameOf(rows[0]);
}

/** A part of the list of all users. */
interface Range extends Conditions {
  readonly after: string;
  readonly page: number;
}

function rangeOf(query: ListQuery, text: string | undefined, after: string): Range {
  const { pattern, filter, limit } = query;
  const page = Math.min(PAGE, pattern === undefined ? limit : PAGE);
  const named = nameConditions(pattern?.prefix ?? '', text);
  const passing = filterSql(filter, named.values.length + 2);
  return {
    after,
    page,
    conditions: [...named.conditions, ...passing.conditions],
    values: [...named.values, ...passing.values],
  };
}

/** The conditions of a pattern, whose parameters begin with `$2`. */
function nameConditions(prefix: string, text = ''): Conditions {
  // Nobody has such a name, and PostgreSQL refuses to look for it.
  if (!isAskable(prefix)) return { conditions: ['false'], values: [] };
  const conditions = prefix === '' ? [] : ['name >= $2', 'name < $3'];
  const values = prefix === '' ? [] : [prefix, prefix + LAST];
  if (!SHORT.test(text) || !isAskable(text)) return { conditions, values };
  const like = text.replaceAll('*', '%').replaceAll('?', '_');
  const tried = `name LIKE $${String(values.length + 2)}`;
  return { conditions: [...conditions, tried], values: [...values, like] };
}

/** Reads the rows of a part of the list. */
async function* readRows(
  session: PostgresSession,
  schema: string,
  { after, page, conditions, values }: Range,
): AsyncGenerator<readonly unknown[], void, void> {
  const sql = `SELECT ${USER_READ} FROM ${schema}.users
    WHERE ${['name > $1', ...conditions].join(' AND ')} ORDER BY name LIMIT ${String(page)}`;
  for (let from = after; ;) {
    const { rows } = await session.query(sql, [from, ...values], WITHIN);
    yield* rows;
    const last = rows[page - 1];
    if (last === undefined) return;
    from = nameOf(last);
  }
}
