import NodeCache from 'node-cache';
import { StoreUnavailableError } from '../errors.js';
import type { MaybePromise } from '../maybe-promise.js';
import { Tally } from '../observe/tally.js';
import type { KapacitorUser } from '../privileges/user.js';
import { resolveUser } from '../privileges/user.js';
import { SingleFlight } from '../single-flight.js';
import type { StoredUser } from '../stores/user-store.js';
import type { GuardedStore } from './guarded-store.js';
import type { LaneQueue } from './waiting/lane-queue.js';
import { lookUpQueue } from './waiting/source-queues.js';

/** Limit of users per generation; there are two generations. */
const MAX_USERS = 50_000;

/** Another caller looks the user up just now. */
const IN_FLIGHT = Symbol('in flight');

/** A user that was looked up and resolved. */
export interface CachedUser {
  readonly user: KapacitorUser;
  readonly hash: string;
  /** True if nobody may log in as this user. */
  readonly disabled: boolean;
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
 * are never remembered. Two generations bound it: a full young generation becomes the old one, and
 * users of the old one that are used move to the young one.
 */
export class UserCache {
  readonly #store: GuardedStore;
  readonly #options: Required<Omit<UserCacheOptions, 'onResolved'>> & UserCacheOptions;
  readonly #running = new SingleFlight<CachedUser | undefined>();
  readonly #again = new SingleFlight<CachedUser | undefined>();
  readonly #fresh = new SingleFlight<FreshUser>();
  #young: NodeCache;
  #old: NodeCache;
  #version = 0;

  constructor(store: GuardedStore, options: UserCacheOptions) {
    this.#store = store;
    this.#options = { maxUsers: MAX_USERS, tally: new Tally(), queue: lookUpQueue(), ...options };
    this.#young = this.#generation();
    this.#old = this.#generation();
  }

  /** Changes whenever a user may have changed. Conclusions from an earlier version are void. */
  get version(): number {
    void this.#store.catchUp();
    return this.#version;
  }

  /** The user, if remembered and not expired. */
  recall(name: string): CachedUser | undefined {
    const cached = this.#get(name);
    return cached !== undefined && performance.now() < cached.expiresAt ? cached : undefined;
  }

  /** @throws StoreUnavailableError; OverloadedError */
  find(name: string, asker: Asker = {}): MaybePromise<CachedUser | undefined> {
    void this.#store.catchUp();
    const cached = this.#get(name);
    const recalls = this.#options.tally.users;
    if (cached !== undefined && performance.now() < cached.expiresAt) {
      recalls.hits += 1;
      return cached;
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
      const version = this.#version;
      const cached = this.#get(name);
      const began = performance.now();
      const found = await this.#store.find(name, { fresh: true, ...within });
      const user = this.#keep(name, found, version, began);
      const isCurrent = version === this.#version;
      if (isSameLogin(user, cached)) return { user, version };
      this.#version += 1;
      // This answer may lack other changes that were made meanwhile.
      return { user, version: isCurrent ? this.#version : version };
    };
    const inTurn = async (): Promise<FreshUser> => this.#options.queue.run(lane, look);
    return this.#fresh.run(JSON.stringify([lane, name]), inTurn, 0);
  }

  /** Forgets a changed user; all users if no name is given. */
  invalidate(name?: string): void {
    this.#version += 1;
    if (name !== undefined) {
      this.#forget(name);
      return;
    }
    for (const cache of [this.#young, this.#old]) cache.flushAll();
  }

  close(): void {
    this.invalidate();
    this.#young.close();
    this.#old.close();
  }

  #lookUp(
    name: string,
    fallback: CachedUser | undefined,
    { lane = '', ...within }: Asker,
  ): MaybePromise<CachedUser | undefined> {
    const version = this.#version;
    // A look-up that began before a change may miss it, so only look-ups of one version are shared.
    const key = `${String(version)}:${name}`;
    const look = (): MaybePromise<CachedUser | undefined> => {
      const began = performance.now();
      const found = this.#store.find(name, { fresh: false, ...within });
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
    const shared = await this.#running.run(key, inTurn, this.#options.expiration);
    return shared ?? this.#again.run(JSON.stringify([lane, key]), inTurn, 0);
  }

  /** @param began - the start of the look-up; it may miss later changes */
  #keep(
    name: string,
    found: StoredUser | undefined,
    version: number,
    began: number,
  ): CachedUser | undefined {
    const key = cacheKey(name);
    if (found === undefined) {
      this.#forget(name);
      return undefined;
    }
    const expiresAt = Math.min(began, found.asOf ?? began) + this.#options.expiration;
    const user = resolveUser(found, this.#store.store.source ?? 'local');
    this.#options.onResolved?.(user);
    const { hash, disabled = false } = found;
    const cached = Object.freeze({ user, hash, disabled, askedAt: began, expiresAt });
    // A user that changed during its look-up serves this request, but is not remembered.
    if (version === this.#version && this.#options.expiration > 0) this.#set(key, cached);
    return cached;
  }

  /**
   * Serves an expired user while the source doesn't answer. If the source answered, though with
   * nothing usable, the user may be gone, so the user is forgotten.
   */
  #fallBack(name: string, fallback: CachedUser | undefined, error: unknown): CachedUser {
    if (!(error instanceof StoreUnavailableError)) throw error;
    if (error.answered) this.#forget(name);
    const isServed =
      fallback !== undefined &&
      !error.answered &&
      performance.now() < fallback.expiresAt + this.#options.staleIfError;
    if (!isServed) throw error;
    return Object.freeze({ ...fallback, stale: error });
  }

  #forget(name: string): void {
    for (const cache of [this.#young, this.#old]) cache.del(cacheKey(name));
  }

  #get(name: string): CachedUser | undefined {
    const key = cacheKey(name);
    const young = this.#young.get<CachedUser>(key);
    if (young !== undefined) return young;
    const old = this.#old.take<CachedUser>(key);
    if (old !== undefined) this.#set(key, old);
    return old;
  }

  #set(key: string, cached: CachedUser): void {
    if (this.#young.getStats().keys >= this.#options.maxUsers) {
      this.#old.close();
      this.#old = this.#young;
      this.#young = this.#generation();
    }
    this.#young.set(key, cached);
  }

  #generation(): NodeCache {
    const { expiration, staleIfError } = this.#options;
    const stdTTL = Math.max(1, (expiration + staleIfError) / 1000);
    return new NodeCache({ useClones: false, stdTTL, checkperiod: Math.min(stdTTL, 600) });
  }
}

/** Returns true if two users, each of which may be missing, are let in by the same password. */
export function isSameLogin(a: CachedUser | undefined, b: CachedUser | undefined): boolean {
  return a?.hash === b?.hash && a?.disabled === b?.disabled;
}

/** node-cache keeps its entries in a plain object, in which `__proto__` is a special key. */
function cacheKey(name: string): string {
  return `user:${name}`;
}
