import type { MaybePromise } from '../maybe-promise.js';

/** What stands in a subscription for every database, as in Kapacitor's permissions: no database has that name. */
export const EVERY_DATABASE = '';

/** A subscription token as a store holds it: what it may do, and a digest in place of the token. */
export interface StoredSubscription {
  /** SHA-256 of the token's text: 64 hexadecimal digits in small letters. */
  readonly digest: string;
  /** The InfluxDB that pushes with it, by the name that the token itself holds. */
  readonly cluster: string;
  /** The database that it may write to; `''`, without a retention policy, for every database. */
  readonly database: string;
  /** The only retention policy that it may write to; all of the database when left out. */
  readonly retentionPolicy?: string | undefined;
  /** When it was granted: ISO 8601, UTC, such as `2026-11-24T10:00:00.000Z`. */
  readonly created: string;
}

/** A user, or a subscription token, that is kept but damaged, so that it lets nobody in. */
export interface UnusableUser {
  /**
   * The name (of a token: its digest) as far as it can be read, in a form by which it can be removed: bytes that are no text of UTF-8,
   * and characters that could not be seen, are written as `\xff`.
   */
  readonly name: string;
  /** What is wrong, without a hash: `a row that can't be used: hash is not UTF-8`. */
  readonly problem: string;
}

/** How subscriptions are listed. */
export interface SubscriptionListOptions {
  /** Called with each subscription that is damaged, and that is then left out. If it is left out, the store refuses the list instead. */
  readonly onUnusable?: ((subscription: UnusableUser) => void) | undefined;
}

/**
 * Where subscription tokens are kept: beside the users, in the same store (`UserSource.subscriptions`). What is said of users holds
 * for them: changes are acknowledged once they are durable, none is lost, and who can't answer throws a
 * StoreUnavailableError. A change is told to the listeners of the store's `watch`, without a name.
 */
export interface SubscriptionStore {
  /** The subscription whose token has exactly this digest, or undefined. */
  find(digest: string): MaybePromise<StoredSubscription | undefined>;
  /** All of them, by database, retention policy, time and digest. */
  list(options?: SubscriptionListOptions): MaybePromise<readonly StoredSubscription[]>;
  /**
   * Adds a subscription, in place of one with the same digest.
   *
   * @throws InvalidRequestError when it can't be kept
   */
  put(subscription: StoredSubscription): MaybePromise<StoredSubscription>;
  /** Removes a subscription; false when there was none. */
  delete(digest: string): MaybePromise<boolean>;
  /** Removes all subscriptions of a database and says how many there were. */
  deleteDatabase(database: string): MaybePromise<number>;
}
