import { compareSubscriptions } from '../rules/stored-subscription.js';
import type { StoredSubscription } from '../subscription-store.js';

/** Subscriptions by digest, all in memory. It is immutable: an edit makes another map. */
export class SubscriptionMap {
  readonly #subscriptions: ReadonlyMap<string, StoredSubscription>;

  constructor(subscriptions: Iterable<StoredSubscription> = []) {
    const byDigest = new Map<string, StoredSubscription>();
    for (const subscription of subscriptions) byDigest.set(subscription.digest, subscription);
    this.#subscriptions = byDigest;
  }

  get size(): number {
    return this.#subscriptions.size;
  }

  get(digest: string): StoredSubscription | undefined {
    return this.#subscriptions.get(digest);
  }

  list(): readonly StoredSubscription[] {
    return [...this.#subscriptions.values()].sort(compareSubscriptions);
  }

  with(subscription: StoredSubscription): SubscriptionMap {
    return new SubscriptionMap([...this.#subscriptions.values(), subscription]);
  }

  without(isMeant: (subscription: StoredSubscription) => boolean): SubscriptionMap {
    return new SubscriptionMap(
      [...this.#subscriptions.values()].filter((subscription) => !isMeant(subscription)),
    );
  }

  isSameAs(other: SubscriptionMap): boolean {
    if (this === other) return true;
    if (this.size !== other.size) return false;
    for (const subscription of this.#subscriptions.values()) {
      if (!isSame(subscription, other.get(subscription.digest))) return false;
    }
    return true;
  }
}

function isSame(a: StoredSubscription, b: StoredSubscription | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
