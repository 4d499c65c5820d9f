import { StoreUnavailableError } from '../errors.js';
import type { MaybePromise } from '../maybe-promise.js';
import { Tally } from '../observe/tally.js';
import type { KapacitorUser } from '../privileges/user.js';
import { resolveUser } from '../privileges/user.js';
import { SingleFlight } from '../single-flight.js';
import type { StoredUser } from '../stores/user-store.js';
import type { Freshness } from './freshness.js';
import type { GuardedStore } from './guarded-store.js';
import { TwoGenerations } from './two-generations.js';
import type { LaneQueue } from './waiting/lane-queue.js';
import { lookUpQueue } from './waiting/source-queues.js';

/** Limit of users per generation; there are two generations. */
const MAX_USERS = 50_000;

/**
 * Milliseconds for which a look-up that runs is shared while the source can't tell of changes. Many
 * at once cost one look-up, and nobody gets an answer that was asked for long before.
 */
export const SHARED_IN_DOUBT = 100;

/** Another caller looks the user up just now. */
const IN_FLIGHT = Symbol('in flight');

/** A user that was looked up and resolved. */
export interface CachedUser {
  readonly user: KapacitorUser;
  readonly hash: string;
  /** True if nobody may log in as this user. */
  readonly disabled: boolean;
  /** The text that all sessions of the user are bound to; empty if none were ended yet. */
  readonly sessions: string;
  /** Start of its look-up and end of its validity, in milliseconds of `performance.now()`. */
  readonly askedAt: number;
  readonly expiresAt: number;
  /** Why the source could not be asked, if an expired user is served (`stale-if-error`). */
  readonly stale?: StoreUnavailableError;
}

/** The caller of a look-up. */
export interface Asker {
  /**
   * Look-ups of one lane wait together for the source and share look-ups past all caches: the
   * client's address, or empty if it is unknown.
   */
  readonly lane?: string;
  /** The caller gives up then, in milliseconds of `performance.now()`; never when left out. */
  readonly until?: number;
}

/** A user that was looked up past all caches. */
export interface FreshUser {
  readonly user: CachedUser | undefined;
  /** The version of the users that this user belongs to. */
  readonly version: number;
}

/** Durations are in milliseconds. */
export interface UserCacheOptions {
  /** 0 disables the cache. */
  readonly expiration: number;
  /** The time past expiry for which a user is still served while the source is unavailable. */
  readonly staleIfError: number;
  readonly maxUsers?: number;
  /** Holds look-ups that wait. */
  readonly queue?: LaneQueue;
  readonly tally?: Tally;
  /** Called with each user that is resolved. */
  readonly onResolved?: ((user: KapacitorUser) => void) | undefined;
}

/**
 * Remembers users. Callers that ask for one name at the same time share one look-up. Missing users
 * are never remembered.
 */
export class UserCache {
  readonly #store: GuardedStore;
  readonly #options: Required<Omit<UserCacheOptions, 'onResolved'>> & UserCacheOptions;
  readonly #running = new SingleFlight<CachedUser | undefined>();
  readonly #again = new SingleFlight<CachedUser | undefined>();
  readonly #fresh = new SingleFlight<FreshUser>();
  readonly #users: TwoGenerations<CachedUser>;
  readonly #freshness: Freshness;
  #told = 0;

  constructor(store: GuardedStore, options: UserCacheOptions) {
    this.#store = store;
    this.#freshness = store.freshness;
    this.#options = { maxUsers: MAX_USERS, tally: new Tally(), queue: lookUpQueue(), ...options };
    const { maxUsers, expiration, staleIfError } = this.#options;
    this.#users = new TwoGenerations(maxUsers, expiration + staleIfError);
  }

  /** Changes whenever a user may have changed. Conclusions from an earlier version are void. */
  get version(): number {
    void this.#store.catchUp();
    return this.#versionNow;
  }

  /** Changes only when told that a user may have changed, not when that can't be told. */
  get told(): number {
    return this.#told;
  }

  /**
   * The time until which anything remembered is believed, in milliseconds of `performance.now()`.
   */
  get freshUntil(): number {
    return this.#freshness.until;
  }

  /** True if no user would be served now in place of a look-up that fails. */
  get servesNobody(): boolean {
    return !(performance.now() < this.#freshness.provenUntil + this.#options.staleIfError);
  }

  /** Notes if nothing remembered is believed now, so that a new version begins before a use. */
  noteDoubt(): void {
    this.#freshness.isProven();
  }

  /** The user, if remembered and not expired. */
  recall(name: string): CachedUser | undefined {
    return this.#believed(this.#users.get(name));
  }

  /** @throws StoreUnavailableError; OverloadedError */
  find(name: string, asker: Asker = {}): MaybePromise<CachedUser | undefined> {
    void this.#store.catchUp();
    const cached = this.#users.get(name);
    const believed = this.#believed(cached);
    const recalls = this.#options.tally.users;
    if (believed !== undefined) {
      recalls.hits += 1;
      return believed;
    }
    recalls.misses += 1;
    return this.#lookUp(name, cached, asker);
  }

  /**
   * Looks a user up past all caches; the look-up begins no earlier than this call.
   *
   * @throws StoreUnavailableError; OverloadedError
   */
  findFresh(name: string, { lane = '', ...within }: Asker = {}): Promise<FreshUser> {
    const look = async (): Promise<FreshUser> => {
      const began = performance.now();
      this.#freshness.isProven(began);
      const version = this.#versionNow;
      const cached = this.#users.get(name);
      const found = await this.#store.find(name, { fresh: true, ...within });
      const user = this.#keep(name, found, version, began);
      const isCurrent = version === this.#versionNow;
      if (isSameLogin(user, cached)) return { user, version };
      this.#told += 1;
      // This answer may lack other changes that were made meanwhile.
      return { user, version: isCurrent ? this.#versionNow : version };
    };
    const inTurn = async (): Promise<FreshUser> => this.#options.queue.run(lane, look);
    return this.#fresh.run(JSON.stringify([lane, name]), inTurn, 0);
  }

  /** Forgets a changed user; all users if no name is given. */
  invalidate(name?: string): void {
    this.#told += 1;
    if (name === undefined) this.#users.clear();
    else this.#users.forget(name);
  }

  close(): void {
    this.invalidate();
    this.#users.close();
  }

  #lookUp(
    name: string,
    fallback: CachedUser | undefined,
    { lane = '', ...within }: Asker,
  ): MaybePromise<CachedUser | undefined> {
    const version = this.#versionNow;
    // A look-up that began before a change may miss it, so only look-ups of one version are shared.
    const key = `${String(version)}:${name}`;
    const look = (): MaybePromise<CachedUser | undefined> => {
      const began = performance.now();
      const fresh = !this.#freshness.isProven(began);
      const found = this.#store.find(name, { fresh, ...within });
      if (!(found instanceof Promise)) return this.#keep(name, found, version, began);
      return found.then(
        (user) => this.#keep(name, user, version, began),
        (error: unknown) => this.#fallBack(name, fallback, error),
      );
    };
    const join = (): Promise<CachedUser | undefined> => this.#join(key, lane, look);
    if (this.#running.has(key)) return join();
    const found = this.#options.queue.run(lane, () => this.#begin(name, key, look));
    if (!(found instanceof Promise)) return found === IN_FLIGHT ? join() : found;
    return found.then((user) => (user === IN_FLIGHT ? join() : user));
  }

  /**
   * Looks up once its turn has come, unless another caller has done so meanwhile or does so now.
   */
  #begin(
    name: string,
    key: string,
    look: () => MaybePromise<CachedUser | undefined>,
  ): MaybePromise<CachedUser | typeof IN_FLIGHT | undefined> {
    if (this.#running.has(key)) return IN_FLIGHT;
    const recalled = this.recall(name);
    if (recalled !== undefined) return recalled;
    const found = look();
    return found instanceof Promise ? this.#running.run(key, () => found) : found;
  }

  /**
   * Joins a look-up that runs. If that finds no user, asks again: the user may have been added
   * after it began. Callers that wait share the second look-up.
   */
  async #join(
    key: string,
    lane: string,
    look: () => MaybePromise<CachedUser | undefined>,
  ): Promise<CachedUser | undefined> {
    const inTurn = async (): Promise<CachedUser | undefined> => this.#options.queue.run(lane, look);
    const { expiration } = this.#options;
    const shareFor = this.#freshness.isProven()
      ? expiration
      : Math.min(expiration, SHARED_IN_DOUBT);
    const shared = await this.#running.run(key, inTurn, shareFor);
    return shared ?? this.#again.run(JSON.stringify([lane, key]), inTurn, 0);
  }

  /** @param began - the start of the look-up; it may miss later changes */
  #keep(
    name: string,
    found: StoredUser | undefined,
    version: number,
    began: number,
  ): CachedUser | undefined {
    if (found === undefined) {
      this.#users.forget(name);
      return undefined;
    }
    const expiresAt = this.#endOfNew(Math.min(began, found.asOf ?? began));
    const user = resolveUser(found, this.#store.store.source ?? 'local');
    this.#options.onResolved?.(user);
    const { hash, disabled = false, sessions = '' } = found;
    const cached = Object.freeze({ user, hash, disabled, sessions, askedAt: began, expiresAt });
    // A user that changed during its look-up serves this request, but is not remembered. One that
    // was found in doubt is over already: it is kept for `stale-if-error` alone.
    if (version === this.#versionNow && this.#options.expiration > 0) this.#users.set(name, cached);
    return cached;
  }

  /**
   * Serves an expired user while the source doesn't answer. If the source answered, though with
   * nothing usable, the user may be gone, so the user is forgotten.
   */
  #fallBack(name: string, fallback: CachedUser | undefined, error: unknown): CachedUser {
    if (!(error instanceof StoreUnavailableError)) throw error;
    if (error.answered) this.#users.forget(name);
    if (fallback === undefined || error.answered) throw error;
    const expiresAt = this.#freshness.endOf(fallback);
    if (!(performance.now() < expiresAt + this.#options.staleIfError)) throw error;
    return Object.freeze({ ...fallback, expiresAt, stale: error });
  }

  get #versionNow(): number {
    return this.#told + this.#freshness.losses;
  }

  #believed(cached: CachedUser | undefined): CachedUser | undefined {
    const now = performance.now();
    if (!this.#freshness.isProven(now) || cached === undefined) return undefined;
    return now < this.#freshness.endOf(cached) ? cached : undefined;
  }

  /** The end of the validity of an answer that came just now. */
  #endOfNew(askedAt: number): number {
    this.#freshness.isProven();
    const expiresAt = askedAt + this.#options.expiration;
    return this.#freshness.decidedEnd({ askedAt, expiresAt });
  }
}

/** Returns true if two users, each of which may be missing, are let in by the same password. */
export function isSameLogin(a: CachedUser | undefined, b: CachedUser | undefined): boolean {
  return a?.hash === b?.hash && a?.disabled === b?.disabled;
}
