import {
  forgettableUntil,
  FORGOTTEN_AT_ONCE,
  MOST_ENDED_SESSIONS,
} from '../rules/ended-session.js';
import type { SqliteDatabase } from './database.js';
import { isNumberRow } from './database.js';

const FORGET = `
  DELETE FROM ended_sessions WHERE id IN (
    SELECT id FROM ended_sessions WHERE until <= ?1 ORDER BY until LIMIT ${String(FORGOTTEN_AT_ONCE)})`;

const KEEP = `
  INSERT INTO ended_sessions (id, until)
  SELECT ?1, ?2 WHERE (SELECT count(*) FROM ended_sessions WHERE id <> ?1) < ${String(MOST_ENDED_SESSIONS)}
  ON CONFLICT (id) DO UPDATE SET until = max(until, excluded.until)`;

/** The ended sessions in a database that has the newest schema. */
export class EndedSessionTable {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  /**
   * Adds a session, and forgets some that are past their time; to be called in a transaction.
   *
   * @returns false if there is no room
   */
  add(id: string, until: Date): boolean {
    this.#database.change(FORGET, forgettableUntil());
    return this.#database.change(KEEP, id, until.getTime()) > 0;
  }

  has(id: string): boolean {
    return (
      this.#database.row(isNumberRow, 'SELECT 1 FROM ended_sessions WHERE id = ?', id) !== undefined
    );
  }
}
