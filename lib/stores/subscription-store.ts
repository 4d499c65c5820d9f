import type { MaybePromise } from '../maybe-promise.js';

/**
 * The `database` of a subscription to every database, as in Kapacitor's permissions: no database is
 * named so.
 */
export const EVERY_DATABASE = '';

/** A subscription token as a store holds it: its rights, and a digest in place of the token. */
export interface StoredSubscription {
  /** SHA-256 of the token's text: 64 hexadecimal digits in small letters. */
  readonly digest: string;
  /** The InfluxDB that pushes with the token, by the name that the token itself holds. */
  readonly cluster: string;
  /**
   * The database that the token may write to; `''`, without a retention policy, for every database.
   */
  readonly database: string;
  /** The only retention policy that the token may write to; if left out, all of the database. */
  readonly retentionPolicy?: string | undefined;
  /** The time of the grant: ISO 8601, UTC, such as `2026-11-24T10:00:00.000Z`. */
  readonly created: string;
}

/** A user or a subscription token that is kept but damaged, so that it lets nobody in. */
export interface UnusableUser {
  /**
   * The name (of a token: its digest) as far as it can be read, in a form by which it can be
   * removed: bytes that are not UTF-8, and invisible characters, are written as `\xff`.
   */
  readonly name: string;
  /** The problem, without a hash: `a row that can't be used: hash is not UTF-8`. */
  readonly problem: string;
}

/** Options of a list of subscriptions. */
export interface SubscriptionListOptions {
  /**
   * Called with each damaged subscription; the list then leaves it out. Without this function, the
   * store refuses the list instead.
   */
  readonly onUnusable?: ((subscription: UnusableUser) => void) | undefined;
}

/**
 * Keeps subscription tokens beside the users, in the same store (`UserSource.subscriptions`). The
 * promises for users hold for them too: changes are acknowledged once they are durable, none is
 * lost, and a store that can't answer throws a StoreUnavailableError. The listeners of the store's
 * `watch` hear of each change, without a name.
 */
export interface SubscriptionStore {
  /** Finds the subscription whose token has exactly this digest; undefined if there is none. */
  find(digest: string): MaybePromise<StoredSubscription | undefined>;
  /** Lists all subscriptions by database, retention policy, time and digest. */
  list(options?: SubscriptionListOptions): MaybePromise<readonly StoredSubscription[]>;
  /**
   * Adds a subscription, or replaces the one with the same digest.
   *
   * @throws InvalidRequestError if it can't be kept
   */
  put(subscription: StoredSubscription): MaybePromise<StoredSubscription>;
  /** Removes a subscription; returns false if there was none. */
  delete(digest: string): MaybePromise<boolean>;
  /** Removes all subscriptions of a database and returns their number. */
  deleteDatabase(database: string): MaybePromise<number>;
}
