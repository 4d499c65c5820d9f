import { InvalidRequestError } from '../errors.js';
import { compareNames } from './name-order.js';
import type * as SubscriptionSchema from './subscription-schema.js';
import type { StoredSubscription } from './subscription-store.js';

/** Loaded with the first subscription, as zod is slow to load. */
declare function require(id: './subscription-schema.js'): typeof SubscriptionSchema;

/**
 * The form in which a subscription is kept: frozen, without what it doesn't say.
 *
 * @throws InvalidRequestError when it can't be kept
 */
export function canonicalSubscription(subscription: StoredSubscription): StoredSubscription {
  const { subscriptionSchema } = require('./subscription-schema.js');
  const { data, error } = subscriptionSchema.safeParse(subscription);
  if (data !== undefined) return data;
  throw new InvalidRequestError(
    'ERR_KAUTH_INVALID_REQUEST',
    error.issues.map(({ message }) => message).join('; '),
  );
}

/** The order in which subscriptions are listed; for `sort`. */
export function compareSubscriptions(a: StoredSubscription, b: StoredSubscription): number {
  return (
    compareNames(a.database, b.database) ||
    compareNames(a.retentionPolicy ?? '', b.retentionPolicy ?? '') ||
    compareNames(a.created, b.created) ||
    compareNames(a.digest, b.digest)
  );
}
