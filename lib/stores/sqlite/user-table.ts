import { z } from 'zod';
import { listUsers } from './list-users.js';
import { SubscriptionTable } from './subscription-table.js';
import { rowOf, USER_COLUMNS, userOf, userRow } from './user-row.js';
import type { SqliteDatabase } from './database.js';
import type { ListOptions, StoredUser } from '../user-store.js';

const nameRow = z.tuple([z.string()]);

/** The users in a database that has the newest schema. */
export class UserTable {
  readonly subscriptions: SubscriptionTable;
  readonly #database: SqliteDatabase;
  #seenVersion: number;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.subscriptions = new SubscriptionTable(database);
    this.#seenVersion = this.#version();
  }

  find(name: string): StoredUser | undefined {
    const sql = `SELECT ${USER_COLUMNS} FROM users WHERE name = ?`;
    const row = this.#database.row(userRow, sql, name);
    // Half a surrogate pair reaches SQLite as U+FFFD.
    return row?.[0] === name ? userOf(row) : undefined;
  }

  /** @throws InvalidRequestError for a bad pattern, offset or limit */
  list(options?: ListOptions): Promise<readonly StoredUser[]> {
    return listUsers(this.#database, options);
  }

  /** The name of the only admin, where there is just one. */
  onlyAdmin(): string | undefined {
    const sql = "SELECT name FROM users WHERE type = 'admin' LIMIT 2";
    const [admin, another] = this.#database.rows(nameRow, sql);
    return another === undefined ? admin?.[0] : undefined;
  }

  /** The highest cost of a hash; 0 where there is none. */
  highestCost(): number {
    return this.#database.number('SELECT ifnull(max(cost), 0) FROM users');
  }

  /**
   * Makes changes whole or not at all.
   *
   * @throws StoreUnavailableError when another connection is making some, and when the file was replaced: what was changed is not
   * in the one that is there now
   */
  transaction<T>(changes: () => T): T {
    const outcome = this.#database.transaction(changes);
    this.#database.mustBeInPlace();
    return outcome;
  }

  /** Adds a user; false when the name is taken. */
  insert(user: StoredUser): boolean {
    const sql = `INSERT INTO users (${USER_COLUMNS}) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`;
    return this.#database.change(sql, ...rowOf(user)) > 0;
  }

  update(user: StoredUser): void {
    const sql = 'UPDATE users SET type = ?2, hash = ?3, permissions = ?4 WHERE name = ?1';
    this.#database.change(sql, ...rowOf(user));
  }

  /** Removes a user; false when there was none. */
  remove(name: string): boolean {
    return this.#database.change('DELETE FROM users WHERE name = ?', name) > 0;
  }

  /** Whether another connection has changed the database since this was last asked. */
  hasChangedElsewhere(): boolean {
    const version = this.#version();
    const hasChanged = version !== this.#seenVersion;
    this.#seenVersion = version;
    return hasChanged;
  }

  /** Whether its file is where it was when it was opened. */
  get isInPlace(): boolean {
    return this.#database.isInPlace;
  }

  /** Leaves nothing of it beside a file that others put in the place of its own. */
  discardLog(): void {
    this.#database.discardLog();
  }

  close(): void {
    this.#database.close();
  }

  #version(): number {
    return this.#database.number('PRAGMA data_version');
  }
}
