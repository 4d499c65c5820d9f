import { PostgresFailure } from './postgres-failure.js';
import type { PostgresSession } from './postgres-line.js';
import { textOf } from './text-of.js';

/** The state of all users: it changes with each change. */
export interface Revision {
  readonly number: number;
  /** The highest cost of a hash; 0 if there is none. */
  readonly cost: number;
}

/** Asks for the revision, and for further columns behind its own two. */
export function revisionSql(schema: string, ...further: readonly string[]): string {
  const cost = `(SELECT max(substr(hash, 5, 2)) FROM ${schema}.users)`;
  return `SELECT ${['number::text', cost, ...further].join(', ')} FROM ${schema}.revision`;
}

/** Reads the answer to {@link revisionSql}. @throws PostgresFailure if there is no revision */
export function revisionOf(row: readonly unknown[] = []): Revision {
  const [number, cost] = row.map(textOf);
  return { number: numberOf(number), cost: Number(cost) || 0 };
}

/**
 * Takes the next number. Every change begins with it: all others wait until this one is over, so no
 * two changes judge the same users at once, and their numbers come in the order of the changes.
 */
export async function nextRevision(session: PostgresSession, schema: string): Promise<number> {
  const sql = `UPDATE ${schema}.revision SET number = number + 1 RETURNING number::text`;
  const { rows } = await session.query(sql);
  return numberOf(textOf(rows[0]?.[0]));
}

/** The channel on which changes are told. */
export function channelOf(schema: string): string {
  return `${schema}_changes`;
}

/**
 * Tells all who listen, once the change is committed.
 *
 * @param name - undefined if anybody changed
 */
export async function announce(
  session: PostgresSession,
  schema: string,
  { number, name = ANYBODY }: { readonly number: number; readonly name: string | undefined },
): Promise<void> {
  await session.query('SELECT pg_notify($1, $2)', [channelOf(schema), `${String(number)} ${name}`]);
}

/** Reads a message of {@link announce}; undefined for other messages. */
export function announced(
  payload: string,
): { readonly number: number; readonly name: string | undefined } | undefined {
  const [, number, name] = /^(\d+) (.+)$/s.exec(payload) ?? [];
  if (number === undefined) return undefined;
  return { number: Number(number), name: name === ANYBODY ? undefined : name };
}

/** No user has this name. */
const ANYBODY = '*';

function numberOf(text = ''): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new PostgresFailure(
    'answer',
    'lacks the row of its table "revision": restore it from a backup',
  );
}
