import type { ListOptions } from '../list-options.js';
import { FoundUsers } from '../rules/found-users.js';
import { SerialQueue } from '../rules/serial-queue.js';
import { USER_FIELDS } from '../rules/user-fields.js';
import type { StoredUser } from '../user-store.js';
import type { SqliteDatabase } from './database.js';
import { EndedSessionTable } from './ended-session-table.js';
import { listUsers, listUsersInOnePiece } from './list-users.js';
import { conditionOf, shownKey } from './row-key.js';
import { SubscriptionTable } from './subscription-table.js';
import type { UserRow } from './user-row.js';
import { isRowOf, isUserRow, rowOf, USER_READ, userFromRow } from './user-row.js';

/** Admins per query: two usable ones are enough. */
const ADMINS = 50;

/** At most so many lists of one moment may wait. */
const MOST_SNAPSHOTS = 64;

/** The users in a database that has the newest schema. */
export class UserTable {
  readonly subscriptions: SubscriptionTable;
  readonly endedSessions: EndedSessionTable;
  readonly #database: SqliteDatabase;
  /** Each has a connection of its own, so that they are made one after another. */
  readonly #snapshots = new SerialQueue(MOST_SNAPSHOTS, 'lists of users');
  #seenVersion: number;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.subscriptions = new SubscriptionTable(database);
    this.endedSessions = new EndedSessionTable(database);
    this.#seenVersion = this.#version();
  }

  /** @throws UnusableUserError for a damaged user */
  find(name: string): StoredUser | undefined {
    const row = this.#row(name);
    return row && userFromRow(row);
  }

  /** Checks that users can be found. @throws StoreUnavailableError if not */
  look(): void {
    this.#database.number('SELECT count(*) FROM (SELECT 1 FROM users LIMIT 1)');
  }

  /**
   * @throws InvalidRequestError for a bad pattern, offset or limit; UnusableUserError for a damaged
   *   user without `onUnusable`
   */
  list(options?: ListOptions): Promise<readonly StoredUser[]> {
    return listUsers(this.#database, options);
  }

  /**
   * Lists the users of one moment. It reads in a transaction on a connection of its own, which does
   * not see changes made meanwhile. A database in memory has only one connection, and is read in
   * one piece.
   *
   * @throws InvalidRequestError for a bad pattern, offset or limit; UnusableUserError for a damaged
   *   user without `onUnusable`
   */
  async listAtOnce(options: ListOptions): Promise<readonly StoredUser[]> {
    if (this.#database.isInMemory) return listUsersInOnePiece(this.#database, options);
    return this.#snapshots.run(() => this.#listSnapshot(options));
  }

  async #listSnapshot(options: ListOptions): Promise<readonly StoredUser[]> {
    const reading = this.#database.anotherConnection();
    try {
      reading.run('BEGIN');
      return await listUsers(reading, options);
    } finally {
      // libsql would keep a transaction, and SQLite its log, until garbage is collected.
      reading.run('ROLLBACK');
      reading.close();
    }
  }

  /** The name of a usable and enabled admin, if there is one. */
  anyAdmin(): string | undefined {
    const [admin] = this.#admins();
    return admin;
  }

  /** The name of the only usable and enabled admin, if there is exactly one. */
  onlyAdmin(): string | undefined {
    const [admin, another] = this.#admins();
    return another === undefined ? admin : undefined;
  }

  /** The highest cost of a hash; 0 if there is none. */
  highestCost(): number {
    return this.#database.number(
      'SELECT CAST(ifnull(max(cost), 0) AS INTEGER) FROM users WHERE cost BETWEEN 4 AND 31',
    );
  }

  /**
   * Makes changes whole or not at all.
   *
   * @throws StoreUnavailableError if another connection is making changes, or if the file was
   *   replaced: the changes are not in the new file
   */
  transaction<T>(changes: () => T): T {
    try {
      const outcome = this.#database.transaction(changes);
      this.#database.mustBeInPlace();
      return outcome;
    } finally {
      this.#database.trimLog();
    }
  }

  /** Adds a user; returns false if the name is taken. */
  insert(user: StoredUser): boolean {
    const places = USER_FIELDS.map(() => '?').join(', ');
    const sql = `INSERT INTO users (${USER_FIELDS.join(', ')}) VALUES (${places}) ON CONFLICT DO NOTHING`;
    return this.#database.change(sql, ...rowOf(user)) > 0;
  }

  update(user: StoredUser): void {
    const [, ...others] = USER_FIELDS;
    const set = others.map((column, index) => `${column} = ?${String(index + 2)}`).join(', ');
    this.#database.change(`UPDATE users SET ${set} WHERE name = ?1`, ...rowOf(user));
  }

  /** Removes the user of exactly this name; returns false if there was none. */
  remove(name: string): boolean {
    const row = this.#row(name);
    return row !== undefined && this.#database.change('DELETE FROM users WHERE name = ?', name) > 0;
  }

  /** Removes the damaged users that are shown so, and no others; false if there were none. */
  removeDamaged(shown: string): boolean {
    const { condition, parameters } = conditionOf('name', shown);
    const sql = `SELECT ${USER_READ} FROM users WHERE ${condition} LIMIT 1`;
    const row = this.#database.row(isUserRow, sql, ...parameters);
    if (row === undefined || shownKey([row[0], row[1]]) !== shown || usable([row]).length > 0)
      return false;
    return this.#database.change(`DELETE FROM users WHERE ${condition}`, ...parameters) > 0;
  }

  /** Returns true if another connection has changed the database since the last call. */
  hasChangedElsewhere(): boolean {
    const version = this.#version();
    const hasChanged = version !== this.#seenVersion;
    this.#seenVersion = version;
    return hasChanged;
  }

  /** True if the file still is in its place. */
  get isInPlace(): boolean {
    return this.#database.isInPlace;
  }

  /** Removes its log if another file took its place. */
  discardLog(): void {
    this.#database.discardLog();
  }

  close(): void {
    this.#database.close();
  }

  /** The names of usable and enabled admins. It reads no more rows than are asked for. */
  *#admins(): Generator<string, void, void> {
    const sql = `SELECT ${USER_READ} FROM users WHERE type = 'admin' AND disabled = 0 LIMIT ?1 OFFSET ?2`;
    for (let offset = 0; ; offset += ADMINS) {
      const rows = this.#database.rows(isUserRow, sql, ADMINS, offset);
      for (const { name } of usable(rows)) yield name;
      if (rows.length < ADMINS) return;
    }
  }

  #row(name: string): UserRow | undefined {
    const sql = `SELECT ${USER_READ} FROM users WHERE name = ?`;
    const row = this.#database.row(isUserRow, sql, name);
    return row !== undefined && isRowOf(row, name) ? row : undefined;
  }

  #version(): number {
    return this.#database.number('PRAGMA data_version');
  }
}

/** The users of those rows that are not damaged. */
function usable(rows: readonly UserRow[]): readonly StoredUser[] {
  const found = new FoundUsers(userFromRow, () => undefined);
  rows.forEach(found.add);
  return found.users;
}
