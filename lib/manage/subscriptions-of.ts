import type { GuardedStore } from '../authenticate/guarded-store.js';
import type { Reporter } from '../observe/reporter.js';
import { Subscriptions } from './subscriptions.js';

/** The subscription tokens of a source, if it keeps any. */
export function subscriptionsOf(
  guarded: GuardedStore,
  reporter: Reporter,
): Subscriptions | undefined {
  const { subscriptions: store } = guarded.store;
  if (store === undefined) return undefined;
  return new Subscriptions({
    store,
    guarded,
    changed: (event) => {
      reporter.subscriptionChanged(event);
    },
  });
}
