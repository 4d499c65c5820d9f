import { canonicalSubscription } from '../rules/stored-subscription.js';
import type { StoredSubscription, SubscriptionStore } from '../subscription-store.js';
import type { Persistence } from './persistence.js';
import type { UserMap } from './user-map.js';

/** The subscriptions of a store that has them in memory while it is open. */
export class InMemorySubscriptions implements SubscriptionStore {
  readonly #backend: Persistence;
  readonly #present: () => UserMap;

  /** @param present - returns the present users; throws while the store isn't open */
  constructor(backend: Persistence, present: () => UserMap) {
    this.#backend = backend;
    this.#present = present;
  }

  find(digest: string): StoredSubscription | undefined {
    return this.#present().subscriptions.get(digest);
  }

  list(): readonly StoredSubscription[] {
    return this.#present().subscriptions.list();
  }

  async put(subscription: StoredSubscription): Promise<StoredSubscription> {
    const kept = canonicalSubscription(subscription);
    await this.#backend.change((users) => ({
      users: users.withSubscriptions(users.subscriptions.with(kept)),
      changed: [],
    }));
    return kept;
  }

  async delete(digest: string): Promise<boolean> {
    return (await this.#remove((subscription) => subscription.digest === digest)) > 0;
  }

  async deleteDatabase(database: string): Promise<number> {
    return this.#remove((subscription) => subscription.database === database);
  }

  async #remove(isMeant: (subscription: StoredSubscription) => boolean): Promise<number> {
    const { removed } = await this.#backend.change((users) => {
      const left = users.subscriptions.without(isMeant);
      const removed = users.subscriptions.size - left.size;
      return {
        removed,
        users: removed === 0 ? users : users.withSubscriptions(left),
        changed: [],
      };
    });
    return removed;
  }
}
