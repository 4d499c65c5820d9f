import { bytesShown } from '../rules/shown-bytes.js';
import { UnusableUserError } from '../rules/unusable-user.js';
import { lastAdmin } from '../rules/user-conflict.js';
import type { StoredUser } from '../user-store.js';
import { FoundUsers } from './found-users.js';
import type { PostgresSession } from './postgres-line.js';
import { isAskable } from './text-of.js';
import { nameOf, rowOf, shownName, USER_COLUMNS, USER_READ, userFromRow } from './user-row.js';

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
    const sql = `INSERT INTO ${this.#users} (${USER_COLUMNS}) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`;
    return (await this.#session.query(sql, rowOf(user))).count > 0;
  }

  async update(user: StoredUser): Promise<void> {
    const sql = `UPDATE ${this.#users} SET type = $2, hash = $3, permissions = $4, grants = $5 WHERE name = $1`;
    await this.#session.query(sql, rowOf(user));
  }

  /** Adds users, or writes over those of the same names. No name may come twice. */
  async putAll(users: readonly StoredUser[]): Promise<void> {
    const sql = `
      INSERT INTO ${this.#users} (${USER_COLUMNS})
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
      ON CONFLICT (name) DO UPDATE
      SET type = excluded.type, hash = excluded.hash, permissions = excluded.permissions, grants = excluded.grants`;
    const rows = users.map(rowOf);
    const column = (index: 0 | 1 | 2 | 3 | 4): readonly string[] => rows.map((row) => row[index]);
    await this.#session.query(sql, [column(0), column(1), column(2), column(3), column(4)]);
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
    const found = new FoundUsers(() => undefined);
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
      SELECT ${USER_READ} FROM ${this.#users} WHERE type = 'admin' AND name > $1 ORDER BY name LIMIT $2`;
    const found = new FoundUsers(() => undefined);
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
