import { SUBSCRIBER_NAME } from '../credentials/parse.js';
import { digestOfToken } from '../credentials/subscription-token.js';
import type { Privileges } from '../privileges/privileges.js';
import { apiResource, DATABASE_RESOURCE, placeResource } from '../privileges/resource.js';
import type { KapacitorUser } from '../privileges/user.js';
import { resolveUser } from '../privileges/user.js';
import type { StoredSubscription } from '../stores/subscription-store.js';
import { EVERY_DATABASE } from '../stores/subscription-store.js';
import type { GuardedStore } from './guarded-store.js';
import type { UserCacheOptions } from './user-cache.js';

/**
 * The user that a token stands for, and the end of its validity in milliseconds of this process'
 * steady clock.
 */
export interface Subscriber {
  readonly user: KapacitorUser;
  readonly expiresAt: number;
}

/** Finds subscription tokens by their digests. Remembers nothing, as a look-up is cheap. */
export class SubscriptionLogin {
  readonly #store: GuardedStore;
  readonly #expiration: number;
  readonly #onResolved: UserCacheOptions['onResolved'];

  /**
   * @param expiration - milliseconds for which a look-up counts
   * @param onResolved - called with each user that is resolved
   */
  constructor(
    store: GuardedStore,
    { expiration, onResolved }: Pick<UserCacheOptions, 'expiration' | 'onResolved'>,
  ) {
    this.#store = store;
    this.#expiration = expiration;
    this.#onResolved = onResolved;
  }

  /** Undefined for an unknown token. @throws StoreUnavailableError */
  async find(token: string): Promise<Subscriber | undefined> {
    const { freshness } = this.#store;
    const askedAt = performance.now();
    freshness.isProven(askedAt);
    const subscription = await this.#store.findSubscription(digestOfToken(token));
    if (subscription === undefined) return undefined;
    freshness.isProven();
    const expiresAt = freshness.decidedEnd({ askedAt, expiresAt: askedAt + this.#expiration });
    const user = subscriberOf(subscription);
    this.#onResolved?.(user);
    return { user, expiresAt };
  }
}

function placeOf(database: string, retentionPolicy: string | undefined): string {
  return database === EVERY_DATABASE ? DATABASE_RESOURCE : placeResource(database, retentionPolicy);
}

/** The user that a token stands for. That user may write to one place, and ping. */
function subscriberOf({ database, retentionPolicy }: StoredSubscription): KapacitorUser {
  const place = placeOf(database, retentionPolicy);
  const privileges: Privileges = Object.freeze({
    [apiResource('ping')]: Object.freeze(['all'] as const),
    [apiResource('write')]: Object.freeze(['write'] as const),
    [place]: Object.freeze(['write'] as const),
  });
  return resolveUser(
    { name: SUBSCRIBER_NAME, type: 'normal', permissions: [], privileges },
    'subscription',
  );
}
