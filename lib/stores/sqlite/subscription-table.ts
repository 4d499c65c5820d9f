import { z } from 'zod';
import { StoreUnavailableError } from '../../errors.js';
import { subscriptionSchema } from '../rules/stored-subscription.js';
import type { SqliteDatabase } from './database.js';
import type { StoredSubscription } from '../subscription-store.js';

const COLUMNS = 'digest, cluster, database, retention_policy, created';

type Row = [
  digest: string,
  cluster: string,
  database: string,
  retentionPolicy: string,
  created: string,
];

const row: z.ZodType<Row> = z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()]);

/** The subscriptions in a database that has the newest schema. */
export class SubscriptionTable {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  find(digest: string): StoredSubscription | undefined {
    const sql = `SELECT ${COLUMNS} FROM subscriptions WHERE digest = ?`;
    const found = this.#database.row(row, sql, digest);
    return found && subscriptionOf(found);
  }

  list(): readonly StoredSubscription[] {
    const sql = `
      SELECT ${COLUMNS} FROM subscriptions ORDER BY database, retention_policy, created, digest`;
    return this.#database.rows(row, sql).map(subscriptionOf);
  }

  put({ digest, cluster, database, retentionPolicy = '', created }: StoredSubscription): void {
    const sql = `INSERT OR REPLACE INTO subscriptions (${COLUMNS}) VALUES (?, ?, ?, ?, ?)`;
    this.#database.change(sql, digest, cluster, database, retentionPolicy, created);
  }

  /** Removes a subscription; false when there was none. */
  remove(digest: string): boolean {
    return this.#database.change('DELETE FROM subscriptions WHERE digest = ?', digest) > 0;
  }

  /** Removes all of a database and says how many there were. */
  removeDatabase(database: string): number {
    return this.#database.change('DELETE FROM subscriptions WHERE database = ?', database);
  }
}

/** @throws StoreUnavailableError where somebody else wrote what can't be used */
function subscriptionOf([
  digest,
  cluster,
  database,
  retentionPolicy,
  created,
]: Row): StoredSubscription {
  const { data, error } = subscriptionSchema().safeParse({
    digest,
    cluster,
    database,
    ...(retentionPolicy !== '' && { retentionPolicy }),
    created,
  });
  if (data !== undefined) return data;
  const problems = error.issues.map(({ message }) => message).join('; ');
  throw new StoreUnavailableError(
    `a subscription of ${JSON.stringify(database)} can't be used as it is in the database: ${problems}. ` +
      'Revoke those of that database and grant them again',
  );
}
