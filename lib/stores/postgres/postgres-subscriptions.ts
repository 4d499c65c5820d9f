import { canonicalSubscription } from '../rules/stored-subscription.js';
import type {
  StoredSubscription,
  SubscriptionListOptions,
  SubscriptionStore,
} from '../subscription-store.js';
import type { SubscriptionTable } from './subscription-table.js';

/** Access of subscriptions to the table of a store. */
export interface SubscriptionAccess {
  readonly read: <T>(question: (subscriptions: SubscriptionTable) => Promise<T>) => Promise<T>;
  /** Makes a change whole or not at all, and tells listeners unless the change returned false. */
  readonly change: <T>(change: (subscriptions: SubscriptionTable) => Promise<T>) => Promise<T>;
}

/** The subscriptions of a PostgreSQL store. */
export class PostgresSubscriptions implements SubscriptionStore {
  readonly #access: SubscriptionAccess;

  constructor(access: SubscriptionAccess) {
    this.#access = access;
  }

  async find(digest: string): Promise<StoredSubscription | undefined> {
    return this.#access.read((subscriptions) => subscriptions.find(digest));
  }

  async list(options: SubscriptionListOptions = {}): Promise<readonly StoredSubscription[]> {
    return this.#access.read((subscriptions) => subscriptions.list(options));
  }

  async put(subscription: StoredSubscription): Promise<StoredSubscription> {
    const kept = canonicalSubscription(subscription);
    await this.#access.change((subscriptions) => subscriptions.put(kept));
    return kept;
  }

  async delete(digest: string): Promise<boolean> {
    return this.#access.change((subscriptions) => subscriptions.remove(digest));
  }

  async deleteDatabase(database: string): Promise<number> {
    const removed = await this.#access.change(
      async (subscriptions) => (await subscriptions.removeDatabase(database)) || false,
    );
    return removed || 0;
  }
}
