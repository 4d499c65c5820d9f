import type { GuardedStore } from '../authenticate/guarded-store.js';
import { SUBSCRIBER_NAME } from '../credentials/parse.js';
import {
  clusterOfToken,
  digestOfToken,
  makeSubscriptionToken,
} from '../credentials/subscription-token.js';
import { invalidRequest } from '../invalid-request.js';
import type { SubscriptionChangedEvent } from '../observe/events.js';
import type {
  StoredSubscription,
  SubscriptionListOptions,
  SubscriptionStore,
  UnusableUser,
} from '../stores/subscription-store.js';
import { EVERY_DATABASE } from '../stores/subscription-store.js';
import type { ChangeActor } from './user-changes.js';

/** The cluster of a new token if none is named: that of Kapacitor's default `[[influxdb]]`. */
const DEFAULT_CLUSTER = 'default';

/** Digits of the digest that identify a subscription. */
const ID_DIGITS = 16;

/** A subscription as it is shown: without its token, which nobody knows after the grant. */
export interface SubscriptionInfo {
  /** The first 16 hexadecimal digits of the token's SHA-256. */
  readonly id: string;
  /** The name of the InfluxDB that pushes with it; the token holds that name. */
  readonly cluster: string;
  /** The database that it may write to; `''` for every database. */
  readonly database: string;
  /** The only retention policy that it may write to; all of the database when left out. */
  readonly retentionPolicy?: string | undefined;
  /** The time of the grant: ISO 8601, UTC. */
  readonly created: string;
}

/** A new subscription with its token, which is shown only this once. */
export interface GrantedSubscription extends SubscriptionInfo {
  /** InfluxDB sends it as the password of `~subscriber`. */
  readonly token: string;
}

/** A subscription to grant. */
export interface NewSubscription {
  /**
   * The database that it may write to. Left out, together with `retentionPolicy`, for a
   * subscription to every database.
   */
  readonly database?: string | undefined;
  /** The only retention policy that it may write to; all of the database when left out. */
  readonly retentionPolicy?: string | undefined;
  /** True if it may write to every database. */
  readonly everyDatabase?: boolean | undefined;
  /**
   * The name of the InfluxDB that will push with it, without a semicolon; `default` when left out.
   */
  readonly cluster?: string | undefined;
  /**
   * A token in Kapacitor's form, such as one that an InfluxDB already pushes with
   * (`SHOW SUBSCRIPTIONS`); its cluster is then the one in it. When left out, a new token is made.
   */
  readonly token?: string | undefined;
}

/** The subscription of an event. */
type Changed = Omit<SubscriptionChangedEvent, 'change' | 'actor' | 'address'>;

/** The parts that {@link Subscriptions} need. */
export interface SubscriptionsParts {
  readonly store: SubscriptionStore;
  readonly guarded: Pick<GuardedStore, 'manage' | 'change' | 'tellUnusable'>;
  /** Called after each change. */
  readonly changed: (event: SubscriptionChangedEvent) => void;
  /** The maker of the changes; undefined for code. */
  readonly actor?: ChangeActor | undefined;
}

/**
 * The subscription tokens of a store (`auth.subscriptions`). With a token, an InfluxDB may write to
 * a database, and ping, and nothing else. Only a digest of a token is kept.
 *
 * All methods reject with a StoreUnavailableError if the store can't answer.
 *
 * @example
 * ```ts
 * const granted = await auth.subscriptions?.grant({
 *   database: 'telegraf',
 *   retentionPolicy: 'autogen',
 * });
 * ```
 */
export class Subscriptions {
  readonly #parts: SubscriptionsParts;
  readonly #store: SubscriptionStore;
  readonly #guarded: SubscriptionsParts['guarded'];

  constructor(parts: SubscriptionsParts) {
    this.#parts = parts;
    this.#store = parts.store;
    this.#guarded = parts.guarded;
  }

  /**
   * The same subscriptions; `subscriptionChanged` names `actor` as the maker of the changes that
   * are made through them.
   */
  by(actor: ChangeActor): Subscriptions {
    return new Subscriptions({ ...this.#parts, actor });
  }

  /**
   * Grants access with a token and returns it, only this once. A given token that was granted
   * before gets the new grant instead of the old one.
   *
   * @throws InvalidRequestError if a name or the token can't be used
   */
  async grant(subscription: NewSubscription): Promise<GrantedSubscription> {
    const { database, retentionPolicy } = placeFor(subscription);
    const { token, cluster } = tokenFor(subscription);
    const granted: StoredSubscription = {
      digest: digestOfToken(token),
      cluster,
      database,
      ...(retentionPolicy !== undefined && { retentionPolicy }),
      created: new Date().toISOString(),
    };
    return Object.freeze({ ...(await this.put(granted)), token });
  }

  /**
   * Keeps a subscription of which only the token's digest is known, such as one out of a
   * kapacitor.db. One with the same digest is replaced.
   *
   * @param subscription - a `database` of `''` stands for every database
   * @throws InvalidRequestError if it can't be kept
   */
  async put(subscription: StoredSubscription): Promise<SubscriptionInfo> {
    const kept = show(await this.#guarded.change(undefined, () => this.#store.put(subscription)));
    this.#tell('granted', kept);
    return kept;
  }

  /**
   * All subscriptions, or those of a database.
   *
   * @param options - `onUnusable` is called with each damaged subscription, of any database; its
   *   name is its id
   */
  async list(
    options: SubscriptionListOptions & { readonly database?: string | undefined } = {},
  ): Promise<readonly SubscriptionInfo[]> {
    const { database } = options;
    const onUnusable = ({ name, problem }: UnusableUser): void => {
      this.#guarded.tellUnusable({ name: SUBSCRIBER_NAME, problem });
      options.onUnusable?.({ name: idOf(name), problem });
    };
    const all = await this.#guarded.manage(() => this.#store.list({ onUnusable }));
    return all
      .filter((subscription) => database === undefined || subscription.database === database)
      .map(show);
  }

  /**
   * Ends a token: the next request with it gets 401.
   *
   * @param id - as {@link Subscriptions.list} shows it
   * @returns false if there was none
   */
  async revoke(id: string): Promise<boolean> {
    const ended = await this.#guarded.change(undefined, () => this.#end(id));
    for (const each of ended) this.#tell('revoked', each);
    return ended.length > 0;
  }

  /** Deletes all of an id, and returns those that were there. */
  async #end(id: string): Promise<readonly Changed[]> {
    const unusable: string[] = [];
    const usable = await this.#store.list({ onUnusable: ({ name }) => unusable.push(name) });
    const all = [...usable, ...unusable.map((digest) => ({ digest }))];
    const ended: Changed[] = [];
    for (const each of all.filter(({ digest }) => idOf(digest) === id)) {
      const { digest, ...changed } = each;
      if (await this.#store.delete(digest)) ended.push({ id, ...changed });
    }
    return ended;
  }

  /** Ends all tokens of a database, and returns their number. */
  async revokeDatabase(database: string): Promise<number> {
    const count = await this.#guarded.change(undefined, () => this.#store.deleteDatabase(database));
    if (count > 0) this.#tell('revoked', { database });
    return count;
  }

  #tell(
    change: SubscriptionChangedEvent['change'],
    { id, database, retentionPolicy, cluster }: Changed,
  ): void {
    const { changed, actor } = this.#parts;
    changed({
      change,
      ...(id !== undefined && { id }),
      ...(database !== undefined && { database }),
      ...(retentionPolicy !== undefined && { retentionPolicy }),
      ...(cluster !== undefined && { cluster }),
      ...(actor && { actor: actor.name, address: actor.address }),
    });
  }
}

/**
 * Requires `everyDatabase` for access to every database: a name that is missing by mistake must not
 * grant it.
 */
function placeFor({
  database,
  retentionPolicy,
  everyDatabase = false,
}: NewSubscription): Pick<StoredSubscription, 'database' | 'retentionPolicy'> {
  if (everyDatabase) {
    if (database === undefined && retentionPolicy === undefined)
      return { database: EVERY_DATABASE };
    throw invalidRequest('everyDatabase goes without database and retentionPolicy');
  }
  if (database === undefined) throw invalidRequest('name a database, or say everyDatabase: true');
  if (database === EVERY_DATABASE)
    throw invalidRequest('database must not be empty; say everyDatabase: true');
  return { database, retentionPolicy };
}

function tokenFor({ token, cluster }: NewSubscription): { token: string; cluster: string } {
  if (token === undefined) {
    const name = cluster ?? DEFAULT_CLUSTER;
    if (name.includes(';')) throw invalidRequest('cluster must not contain a semicolon');
    return { token: makeSubscriptionToken(name), cluster: name };
  }
  const named = clusterOfToken(token);
  if (named === undefined) {
    throw invalidRequest(
      'token must have the form of Kapacitor: the URL-safe base64 of a name, a semicolon and at least 32 random bytes',
    );
  }
  if (cluster !== undefined && cluster !== named) {
    throw invalidRequest(`the token is of the cluster ${JSON.stringify(named)}`);
  }
  return { token, cluster: named };
}

function show({ digest, ...shown }: StoredSubscription): SubscriptionInfo {
  return Object.freeze({ id: idOf(digest), ...shown });
}

function idOf(digest: string): string {
  return digest.slice(0, ID_DIGITS);
}
