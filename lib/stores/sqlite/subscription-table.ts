import {
  SUBSCRIPTION_COLUMNS,
  subscriptionFromColumns,
  unusableSubscription,
} from '../rules/subscription-from-columns.js';
import { UnusableUserError } from '../rules/unusable-user.js';
import type { StoredSubscription, SubscriptionListOptions } from '../subscription-store.js';
import type { RowForm, SqliteDatabase } from './database.js';
import type { RowKey } from './row-key.js';
import { conditionOf, keyColumns, shownKey } from './row-key.js';
import { decodeText, isKeyedRow, textColumn, undecoded } from './text-column.js';

const READ = [
  keyColumns('digest'),
  ...['cluster', 'database', 'retention_policy', 'created'].map(textColumn),
].join(', ');

type Row = [
  kind: string,
  digest: Uint8Array,
  cluster: Uint8Array | null,
  database: Uint8Array | null,
  retentionPolicy: Uint8Array | null,
  created: Uint8Array | null,
];

const isRow: RowForm<Row> = (row): row is Row => isKeyedRow(row, 6);

/** The subscriptions in a database that has the newest schema. */
export class SubscriptionTable {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  /** @throws UnusableUserError for a damaged subscription */
  find(digest: string): StoredSubscription | undefined {
    const sql = `SELECT ${READ} FROM subscriptions WHERE digest = ?`;
    const found = this.#database.row(isRow, sql, digest);
    return found && subscriptionOf(found);
  }

  /** @throws UnusableUserError for a damaged subscription without `onUnusable` */
  list({ onUnusable }: SubscriptionListOptions = {}): readonly StoredSubscription[] {
    const sql = `
      SELECT ${READ} FROM subscriptions ORDER BY database, retention_policy, created, digest`;
    return this.#database.rows(isRow, sql).flatMap((found) => {
      try {
        return [subscriptionOf(found)];
      } catch (error) {
        if (!(error instanceof UnusableUserError) || onUnusable === undefined) throw error;
        onUnusable({ name: shownKey(keyOf(found)), problem: error.problem });
        return [];
      }
    });
  }

  put({ digest, cluster, database, retentionPolicy = '', created }: StoredSubscription): void {
    const sql = `INSERT OR REPLACE INTO subscriptions (${SUBSCRIPTION_COLUMNS}) VALUES (?, ?, ?, ?, ?)`;
    this.#database.change(sql, digest, cluster, database, retentionPolicy, created);
  }

  /**
   * Removes a subscription, or the damaged ones that are shown so; returns false if there was none.
   */
  remove(digest: string): boolean {
    const { condition, parameters } = conditionOf('digest', digest);
    const sql = `SELECT ${READ} FROM subscriptions WHERE ${condition} LIMIT 1`;
    const found = this.#database.row(isRow, sql, ...parameters);
    if (found === undefined || shownKey(keyOf(found)) !== digest) return false;
    return this.#database.change(`DELETE FROM subscriptions WHERE ${condition}`, ...parameters) > 0;
  }

  /** Removes all subscriptions of a database and returns their number. */
  removeDatabase(database: string): number {
    return this.#database.change('DELETE FROM subscriptions WHERE database = ?', database);
  }
}

function keyOf([kind, digest]: Row): RowKey {
  return [kind, digest];
}

/** @throws UnusableUserError if it is damaged, or if another program wrote unusable values */
function subscriptionOf(found: Row): StoredSubscription {
  const [, ...columns] = found;
  const [digest, cluster, database, retentionPolicy, created] = columns.map(decodeText);
  const texts = undecoded({ digest, cluster, database, retentionPolicy, created });
  const shown = shownKey(keyOf(found));
  if (texts.length > 0) throw unusableSubscription(shown, database, texts);
  const read = { digest, cluster, database, retentionPolicy, created };
  return subscriptionFromColumns(read, shown);
}
