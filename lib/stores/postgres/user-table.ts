import { FoundUsers } from '../rules/found-users.js';
import { bytesShown } from '../rules/shown-bytes.js';
import { UnusableUserError } from '../rules/unusable-user.js';
import { lastAdmin } from '../rules/user-conflict.js';
import type { StoredUser } from '../user-store.js';
import type { PostgresSession } from './postgres-line.js';
import { isAskable } from './text-of.js';
import { nameOf, rowOf, shownName, USER_COLUMNS, USER_READ, userFromRow } from './user-row.js';

const NAMES = Object.keys(USER_COLUMNS);
const [, ...OTHERS] = NAMES;

/** Admins per query: two usable ones are enough. */
const ADMINS = 50;

/** Milliseconds that a look-up may take. */
const LOOK_UP = 2_000;

/** The users, by one session: the database itself, or one change of it. */
export class UserTable {
  readonly #session: PostgresSession;
  readonly #users: string;

  constructor(session: PostgresSession, schema: string) {
    this.#session = session;
    this.#users = `${schema}.users`;
  }

  /**
   * @param patience - milliseconds after which the caller gives up
   * @throws UnusableUserError for a damaged user
   */
  async find(name: string, patience?: number): Promise<StoredUser | undefined> {
    if (!isAskable(name)) return undefined;
    const isShort = patience !== undefined && patience < LOOK_UP;
    const within = isShort ? Math.max(1, Math.ceil(patience)) : undefined;
    const sql = `SELECT ${USER_READ} FROM ${this.#users} WHERE name = $1`;
    const { rows } = await this.#session.query(sql, [name], within);
    return rows[0] && userFromRow(rows[0]);
  }

  /**
   * Finds a user who is to be judged; with `unusable`, a damaged one counts as absent.
   *
   * @throws UnusableUserError for a damaged user without `unusable`
   */
  async findJudged(
    name: string,
    { unusable }: { readonly unusable: boolean },
  ): Promise<StoredUser | undefined> {
    try {
      return await this.find(name);
    } catch (error) {
      if (unusable && error instanceof UnusableUserError) return undefined;
      throw error;
    }
  }

  /** Finds a user by a name that may be left out. @throws UnusableUserError for a damaged user */
  async findNamed(name: string | undefined): Promise<StoredUser | undefined> {
    return name === undefined ? undefined : this.find(name);
  }

  /** Checks that users can be found. @throws StoreUnavailableError if not */
  async look(): Promise<void> {
    await this.#session.query(`SELECT FROM ${this.#users} LIMIT 1`);
  }

  /** Finds the users of those names that there are. @throws UnusableUserError for a damaged user */
  async findAll(names: readonly string[]): Promise<readonly StoredUser[]> {
    const sql = `SELECT ${USER_READ} FROM ${this.#users} WHERE name = ANY ($1)`;
    const { rows } = await this.#session.query(sql, [names.filter(isAskable)]);
    return rows.map(userFromRow);
  }

  /** Adds a user; returns false if the name is taken. */
  async insert(user: StoredUser): Promise<boolean> {
    const places = NAMES.map((_, index) => `$${String(index + 1)}`).join(', ');
    const sql = `INSERT INTO ${this.#users} (${NAMES.join(', ')}) VALUES (${places}) ON CONFLICT DO NOTHING`;
    return (await this.#session.query(sql, rowOf(user))).count > 0;
  }

  async update(user: StoredUser): Promise<void> {
    const set = OTHERS.map((column, index) => `${column} = $${String(index + 2)}`).join(', ');
    const sql = `UPDATE ${this.#users} SET ${set} WHERE name = $1`;
    await this.#session.query(sql, rowOf(user));
  }

  /** Adds users, or writes over those of the same names. No name may come twice. */
  async putAll(users: readonly StoredUser[]): Promise<void> {
    const lists = Object.values(USER_COLUMNS).map(
      (type, index) => `$${String(index + 1)}::${type}[]`,
    );
    const sql = `
      INSERT INTO ${this.#users} (${NAMES.join(', ')})
      SELECT * FROM unnest(${lists.join(', ')})
      ON CONFLICT (name) DO UPDATE
      SET ${OTHERS.map((column) => `${column} = excluded.${column}`).join(', ')}`;
    const rows = users.map(rowOf);
    const columns = NAMES.map((_, index) => rows.map((row) => row[index] ?? ''));
    await this.#session.query(sql, columns);
  }

  /** Removes the user of exactly this name; returns false if there was none. */
  async remove(name: string): Promise<boolean> {
    if (!isAskable(name)) return false;
    const sql = `DELETE FROM ${this.#users} WHERE name = $1`;
    return (await this.#session.query(sql, [name])).count > 0;
  }

  /** Removes the damaged user that is shown so; returns false if there was none. */
  async removeDamaged(shown: string): Promise<boolean> {
    const name = Buffer.from(bytesShown(shown)).toString();
    if (!isAskable(name) || shownName(name) !== shown) return false;
    const { rows } = await this.#session.query(
      `SELECT ${USER_READ} FROM ${this.#users} WHERE name = $1`,
      [name],
    );
    const found = new FoundUsers(userFromRow, () => undefined);
    rows.forEach(found.add);
    return found.users.length < found.count && this.remove(name);
  }

  /** The name of a usable admin, if there is one. */
  async anyAdmin(): Promise<string | undefined> {
    return (await this.#admins(1))[0];
  }

  /** @throws UserConflictError (`ERR_KAUTH_LAST_ADMIN`) if the user is the only usable admin */
  async keepAnAdmin(name: string): Promise<void> {
    const [admin, another] = await this.#admins(2);
    if (admin === name && another === undefined) throw lastAdmin(name);
  }

  /** The names of usable admins, as many as are asked for. It reads no more rows than it needs. */
  async #admins(most: number): Promise<readonly string[]> {
    const sql = `
      SELECT ${USER_READ} FROM ${this.#users} WHERE type = 'admin' AND NOT disabled AND name > $1 ORDER BY name LIMIT $2`;
    const found = new FoundUsers(userFromRow, () => undefined);
    for (let after = ''; ;) {
      const { rows } = await this.#session.query(sql, [after, ADMINS]);
      rows.forEach(found.add);
      const last = rows[ADMINS - 1];
      if (found.users.length >= most || last === undefined)
        return found.users.map(({ name }) => name);
      after = nameOf(last);
    }
  }
}
