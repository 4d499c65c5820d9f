import {
  SUBSCRIPTION_COLUMNS,
  subscriptionFromColumns,
} from '../rules/subscription-from-columns.js';
import { UnusableUserError } from '../rules/unusable-user.js';
import type { StoredSubscription, SubscriptionListOptions } from '../subscription-store.js';
import type { PostgresSession } from './postgres-line.js';
import { isAskable, textOf } from './text-of.js';
import { shownName } from './user-row.js';

/** The subscriptions, by one session: the database itself, or one change of it. */
export class SubscriptionTable {
  readonly #session: PostgresSession;
  readonly #table: string;

  constructor(session: PostgresSession, schema: string) {
    this.#session = session;
    this.#table = `${schema}.subscriptions`;
  }

  /** @throws UnusableUserError for a damaged subscription */
  async find(digest: string): Promise<StoredSubscription | undefined> {
    if (!isAskable(digest)) return undefined;
    const sql = `SELECT ${SUBSCRIPTION_COLUMNS} FROM ${this.#table} WHERE digest = $1`;
    const { rows } = await this.#session.query(sql, [digest]);
    return rows[0] && subscriptionOf(rows[0]);
  }

  /** @throws UnusableUserError for a damaged subscription without `onUnusable` */
  async list({ onUnusable }: SubscriptionListOptions): Promise<readonly StoredSubscription[]> {
    const sql = `
      SELECT ${SUBSCRIPTION_COLUMNS} FROM ${this.#table} ORDER BY database, retention_policy, created, digest`;
    const { rows } = await this.#session.query(sql);
    return rows.flatMap((row) => {
      try {
        return [subscriptionOf(row)];
      } catch (error) {
        if (!(error instanceof UnusableUserError) || onUnusable === undefined) throw error;
        onUnusable({ name: shownName(textOf(row[0])), problem: error.problem });
        return [];
      }
    });
  }

  async put(subscription: StoredSubscription): Promise<void> {
    const { digest, cluster, database, retentionPolicy = '', created } = subscription;
    const sql = `
      INSERT INTO ${this.#table} (${SUBSCRIPTION_COLUMNS}) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (digest) DO UPDATE SET cluster = excluded.cluster, database = excluded.database,
        retention_policy = excluded.retention_policy, created = excluded.created`;
    await this.#session.query(sql, [digest, cluster, database, retentionPolicy, created]);
  }

  /** Removes a subscription; returns false if there was none. */
  async remove(digest: string): Promise<boolean> {
    if (!isAskable(digest)) return false;
    const sql = `DELETE FROM ${this.#table} WHERE digest = $1`;
    return (await this.#session.query(sql, [digest])).count > 0;
  }

  /** Removes all subscriptions of a database and returns their number. */
  async removeDatabase(database: string): Promise<number> {
    if (!isAskable(database)) return 0;
    const sql = `DELETE FROM ${this.#table} WHERE database = $1`;
    return (await this.#session.query(sql, [database])).count;
  }
}

/** @throws UnusableUserError if another program wrote unusable values */
function subscriptionOf(row: readonly unknown[]): StoredSubscription {
  const [digest = '', cluster, database, retentionPolicy, created] = row.map(textOf);
  const columns = { digest, cluster, database, retentionPolicy, created };
  return subscriptionFromColumns(columns, shownName(digest));
}
