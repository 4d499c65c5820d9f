import type Libsql from 'libsql';
import { StoreUnavailableError } from '../../errors.js';
import { DatabasePlace } from './database-place.js';
import { damagedDatabase, databaseFailure } from './failure.js';
import { loadLibsql } from './load-libsql.js';

type Parameter = string | number;

/** Tells rows of a form from damaged ones. */
export type RowForm<Row> = (row: unknown) => row is Row;

/** The form of a row that is one number. */
export const isNumberRow: RowForm<[number]> = (row): row is [number] =>
  Array.isArray(row) && row.length === 1 && typeof row[0] === 'number';

/**
 * An open SQLite database. It answers synchronously, and throws a StoreUnavailableError if SQLite
 * fails. Statements with parameters are prepared once.
 */
export class SqliteDatabase {
  readonly path: string;
  readonly #place: DatabasePlace;
  readonly #libsql: Libsql.Database;
  readonly #statements = new Map<string, Libsql.Statement>();
  /**
   * Statements that list rows, apart from the others: after libsql's `all()`, a `get()` of the same
   * statement gives a row of that list.
   */
  readonly #lists = new Map<string, Libsql.Statement>();

  /** @param path - `:memory:`, or absolute: libsql takes other strings for URLs */
  constructor(path: string) {
    const LibsqlDatabase = loadLibsql();
    this.path = path;
    this.#place = new DatabasePlace(path);
    this.#libsql = this.#guard(() => new LibsqlDatabase(path));
    // The only pragma that reads nothing, so it works while another connection holds the lock. If
    // SQLite itself waited, it would stop the event loop, and so everyone. Waiting is the job of
    // PatientLine.
    this.run('PRAGMA busy_timeout = 0');
  }

  /** True if the database is in memory, and so has this connection only. */
  get isInMemory(): boolean {
    return this.path === ':memory:';
  }

  /** Opens another connection to the database, which must not be in memory. */
  anotherConnection(): SqliteDatabase {
    return new SqliteDatabase(this.path);
  }

  /** Runs statements that have no parameters and no result. */
  run(sql: string): void {
    this.#guard(() => this.#libsql.exec(sql));
  }

  /**
   * Returns the first row, a list of columns of this form. No column may be a text out of the
   * file: libsql ends the process if it is not UTF-8 (see `textColumn`).
   */
  row<Row>(form: RowForm<Row>, sql: string, ...parameters: Parameter[]): Row | undefined {
    const row: unknown = this.#guard(() => this.#prepare(sql).get(...parameters));
    return row === undefined ? undefined : this.#parse(form, row);
  }

  /** Returns the one number that a query results in. */
  number(sql: string): number {
    return this.#parse(
      isNumberRow,
      this.#guard(() => this.#prepare(sql).get()),
    )[0];
  }

  rows<Row>(form: RowForm<Row>, sql: string, ...parameters: Parameter[]): readonly Row[] {
    const rows = this.#guard(() => this.#prepare(sql, this.#lists).all(...parameters));
    return rows.map((row) => this.#parse(form, row));
  }

  /** Changes rows and returns their number. */
  change(sql: string, ...parameters: Parameter[]): number {
    return this.#guard(() => this.#prepare(sql).run(...parameters).changes);
  }

  /** Makes changes whole or not at all, while no other connection can write. */
  transaction<T>(changes: () => T): T {
    this.run('BEGIN IMMEDIATE');
    try {
      const result = changes();
      this.run('COMMIT');
      return result;
    } catch (error) {
      // After some failures, such as a full disk, SQLite has rolled back already.
      if (this.#libsql.inTransaction) this.run('ROLLBACK');
      throw error;
    }
  }

  /**
   * Copies SQLite's log into the database and empties it, if it is large. It can't do so while
   * others read or write; then the next change tries again. Never fails, as the content of the log
   * is durable.
   */
  trimLog(): void {
    if (!this.#place.hasLargeLog) return;
    try {
      this.run('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // Another connection has the lock, or the disk is full.
    }
  }

  /** True if the file still is in its place. */
  get isInPlace(): boolean {
    return this.#place.isKept;
  }

  /** Removes its log if another file took its place. */
  discardLog(): void {
    this.#place.discardLog();
  }

  /** @throws StoreUnavailableError if others replaced the file or took it away */
  mustBeInPlace(): void {
    if (this.isInPlace) return;
    throw new StoreUnavailableError(
      `the user database ${this.path} was replaced or taken away meanwhile: try again`,
    );
  }

  /** Ends all use. libsql closes the files once the statements are collected as garbage. */
  close(): void {
    this.#statements.clear();
    this.#lists.clear();
    this.#guard(() => this.#libsql.close());
  }

  #prepare(sql: string, prepared = this.#statements): Libsql.Statement {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.#libsql.prepare(sql);
    if (statement.reader) statement.raw();
    prepared.set(sql, statement);
    return statement;
  }

  #parse<Row>(form: RowForm<Row>, row: unknown): Row {
    if (!form(row)) throw damagedDatabase(this.path);
    return row;
  }

  #guard<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw databaseFailure(this.path, error);
    }
  }
}
