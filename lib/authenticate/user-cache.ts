import NodeCache from 'node-cache';
import { StoreUnavailableError } from '../errors.js';
import { Tally } from '../observe/tally.js';
import { resolveUser } from '../privileges/user.js';
import type { KapacitorUser } from '../privileges/user.js';
import type { MaybePromise, StoredUser } from '../stores/user-store.js';
import type { OpenedSource } from './opened-source.js';

/** How many users one generation holds; there are two. */
const MAX_USERS = 50_000;

/** A user that was looked up and resolved. */
export interface CachedUser {
  readonly user: KapacitorUser;
  readonly hash: string;
  /** When it was looked up and until when it counts, in milliseconds of this process' steady clock. */
  readonly foundAt: number;
  readonly expiresAt: number;
}

/** A user that was looked up past all caches. */
export interface FreshUser {
  readonly user: CachedUser | undefined;
  /** The version of the users that it is part of. */
  readonly version: number;
}

/** How long users are kept, in milliseconds. */
export interface UserCacheOptions {
  /** 0 keeps nothing. */
  readonly expiration: number;
  /** How long past expiry a user is still served while the source is unavailable. */
  readonly staleIfError: number;
  readonly maxUsers?: number;
  readonly tally?: Tally;
  /** Told of each user that is resolved. */
  readonly onResolved?: ((user: KapacitorUser) => void) | undefined;
}

interface RunningLookUp {
  readonly version: number;
  readonly found: Promise<CachedUser | undefined>;
}

/**
 * Users as they were last looked up. Many who ask for one name at once cost one look-up; unknown names are never
 * kept. Bounded by two generations: when the young one is full it becomes the old one, and what was used of the old
 * one moves to the young one.
 */
export class UserCache {
  readonly #source: OpenedSource;
  readonly #options: Required<Omit<UserCacheOptions, 'onResolved'>> & UserCacheOptions;
  readonly #running = new Map<string, RunningLookUp>();
  #young: NodeCache;
  #old: NodeCache;
  #version = 0;

  constructor(source: OpenedSource, options: UserCacheOptions) {
    this.#source = source;
    this.#options = { maxUsers: MAX_USERS, tally: new Tally(), ...options };
    this.#young = this.#generation();
    this.#old = this.#generation();
  }

  /** Changes whenever a user may have changed: what was concluded from an earlier version counts no more. */
  get version(): number {
    return this.#version;
  }

  /** The user, where it was looked up before and that still counts. */
  recall(name: string): CachedUser | undefined {
    const cached = this.#get(name);
    return cached !== undefined && performance.now() < cached.expiresAt ? cached : undefined;
  }

  /** @throws StoreUnavailableError */
  find(name: string): MaybePromise<CachedUser | undefined> {
    const cached = this.#get(name);
    const recalls = this.#options.tally.users;
    if (cached !== undefined && performance.now() < cached.expiresAt) {
      recalls.hits += 1;
      return cached;
    }
    recalls.misses += 1;
    return this.#lookUp(name, { fresh: false, fallback: cached });
  }

  /** Looks a user up past all caches. @throws StoreUnavailableError */
  async findFresh(name: string): Promise<FreshUser> {
    const { version } = this;
    const cached = this.#get(name);
    const user = await this.#lookUp(name, { fresh: true, fallback: undefined });
    const isCurrent = version === this.#version;
    if (user?.hash === cached?.hash) return { user, version };
    // Others may have learnt of the change meanwhile, or of one that this answer doesn't know yet.
    this.#version += 1;
    return { user, version: isCurrent ? this.#version : version };
  }

  /** Forgets a user that changed; all of them without a name. */
  invalidate(name?: string): void {
    this.#version += 1;
    for (const cache of [this.#young, this.#old]) {
      if (name === undefined) cache.flushAll();
      else cache.del(cacheKey(name));
    }
  }

  close(): void {
    this.invalidate();
    this.#young.close();
    this.#old.close();
  }

  #lookUp(
    name: string,
    { fresh, fallback }: { fresh: boolean; fallback: CachedUser | undefined },
  ): MaybePromise<CachedUser | undefined> {
    const key = `${fresh ? 'fresh' : 'usual'}:${name}`;
    const running = this.#running.get(key);
    const version = this.#version;
    // What began before a change may not know of it.
    if (running?.version === version) return running.found;
    const found = this.#source.find(name, { fresh });
    if (!(found instanceof Promise)) return this.#keep(name, found, version);
    const kept = found
      .then((user) => this.#keep(name, user, version))
      .catch((error: unknown) => this.#fallBack(fallback, error))
      .finally(() => {
        if (this.#running.get(key)?.found === kept) this.#running.delete(key);
      });
    this.#running.set(key, { version, found: kept });
    return kept;
  }

  #keep(name: string, found: StoredUser | undefined, version: number): CachedUser | undefined {
    const key = cacheKey(name);
    if (found === undefined) {
      this.#young.del(key);
      this.#old.del(key);
      return undefined;
    }
    const foundAt = performance.now();
    const expiresAt = foundAt + this.#options.expiration;
    const user = resolveUser(found, this.#source.source.source ?? 'local');
    this.#options.onResolved?.(user);
    const cached = Object.freeze({ user, hash: found.hash, foundAt, expiresAt });
    // A user that changed while it was looked up is used for this request, but not kept.
    if (version === this.#version && this.#options.expiration > 0) this.#set(key, cached);
    return cached;
  }

  #fallBack(fallback: CachedUser | undefined, error: unknown): CachedUser {
    const isServed =
      fallback !== undefined &&
      error instanceof StoreUnavailableError &&
      performance.now() < fallback.expiresAt + this.#options.staleIfError;
    if (isServed) return fallback;
    throw error;
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

/** node-cache keeps its entries in a plain object, where `__proto__` is no key like others. */
function cacheKey(name: string): string {
  return `user:${name}`;
}
