import type { EndedSessions } from '../ended-sessions.js';
import {
  checkEndedSession,
  forgettableUntil,
  FORGOTTEN_AT_ONCE,
  isSessionId,
  MOST_ENDED_SESSIONS,
} from '../rules/ended-session.js';
import type { PostgresSession } from './postgres-line.js';

/** The ended sessions of a PostgreSQL store. The database is always asked: it is never late. */
export class PostgresEndedSessions implements EndedSessions {
  readonly #session: PostgresSession;
  readonly #table: string;
  readonly #open: () => Promise<void>;

  /** @param open - opens the store, if it is not open yet */
  constructor(session: PostgresSession, schema: string, open: () => Promise<void>) {
    this.#session = session;
    this.#table = `${schema}.ended_sessions`;
    this.#open = open;
  }

  async end(id: string, until: Date): Promise<boolean> {
    checkEndedSession(id, until);
    await this.#open();
    const table = this.#table;
    // If the connection is lost, the statement runs twice, which does no harm.
    const sql = `
      WITH forgotten AS (
        DELETE FROM ${table} WHERE id IN (
          SELECT id FROM ${table} WHERE until <= $3::timestamptz AND id <> $1
          ORDER BY until LIMIT ${String(FORGOTTEN_AT_ONCE)} FOR UPDATE SKIP LOCKED)
        RETURNING id)
      INSERT INTO ${table} AS kept (id, until) SELECT $1::text, $2::timestamptz
      WHERE (SELECT count(*) FROM ${table} WHERE id <> $1) - (SELECT count(*) FROM forgotten)
        < ${String(MOST_ENDED_SESSIONS)}
      ON CONFLICT (id) DO UPDATE SET until = greatest(kept.until, excluded.until)`;
    const times = [until, new Date(forgettableUntil())].map((time) => time.toISOString());
    return (await this.#session.query(sql, [id, ...times])).count > 0;
  }

  async isEnded(id: string): Promise<boolean> {
    if (!isSessionId(id)) return false;
    await this.#open();
    const sql = `SELECT id FROM ${this.#table} WHERE id = $1`;
    return (await this.#session.query(sql, [id])).rows.length > 0;
  }
}
