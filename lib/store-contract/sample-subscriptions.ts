import type { StoredSubscription, SubscriptionStore } from '../stores/subscription-store.js';
import type { UserStore } from '../stores/user-store.js';

/** Makes a subscription with some differences from the sample. */
export function subscription(
  digit: string,
  differences: Partial<StoredSubscription> = {},
): StoredSubscription {
  return {
    digest: digit.repeat(64 / digit.length),
    cluster: 'default',
    database: 'telegraf',
    retentionPolicy: 'autogen',
    created: '2026-11-24T10:00:00.000Z',
    ...differences,
  };
}

/** Makes a subscription to a whole database. */
export function wide(digit: string, database = 'telegraf'): StoredSubscription {
  const { digest, cluster, created } = subscription(digit);
  return { digest, cluster, database, created };
}

/** @throws Error if the store keeps no subscriptions */
export function subscriptionsOf({ subscriptions }: UserStore): SubscriptionStore {
  if (subscriptions !== undefined) return subscriptions;
  throw new Error('the store keeps no subscriptions: it has no property "subscriptions"');
}
