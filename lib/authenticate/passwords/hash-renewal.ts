import { bcryptHashCost } from '../../stores/rules/bcrypt-hash.js';
import type { UserSource, UserStore } from '../../stores/user-store.js';
import { isUserStore } from '../../stores/user-store.js';
import type { CachedUser } from '../user-cache.js';
import type { Passwords } from './passwords.js';

/** Renewals wait for each other in a lane apart from those of clients. */
const LANE = 'hash renewal';

/** A renewal that runs. */
export interface RunningRenewal {
  /** The hash that is replaced. */
  readonly hash: string;
  /**
   * The hash in its place, once the store holds it; undefined if the store kept the old one or has
   * another. It never rejects.
   */
  readonly renewed: Promise<string | undefined>;
}

/**
 * Replaces the hash of a user who has just logged in, if its cost is below the configured one. The
 * login fails with it in no case: if the store refuses the write, a later login tries again.
 */
export class HashRenewal {
  readonly #store: UserStore | undefined;
  readonly #passwords: Passwords;
  readonly #running = new Map<string, RunningRenewal>();

  constructor(source: UserSource, passwords: Passwords) {
    this.#store = isUserStore(source) ? source : undefined;
    this.#passwords = passwords;
  }

  /**
   * Renews the hash unless it is good enough.
   *
   * @param password - just verified against the user's hash
   * @returns the renewal of that hash that runs now, if any
   */
  consider({ user: { name }, hash }: CachedUser, password: string): RunningRenewal | undefined {
    if (this.#store === undefined || hash === '') return undefined;
    if (bcryptHashCost(hash) >= this.#passwords.cost) return undefined;
    const running = this.#running.get(name);
    if (running !== undefined) return running.hash === hash ? running : undefined;
    const renewed = this.#renew(this.#store, { name, hash, password })
      .catch(() => undefined)
      .finally(() => this.#running.delete(name));
    const begun = { hash, renewed };
    this.#running.set(name, begun);
    return begun;
  }

  async #renew(
    store: UserStore,
    { name, hash, password }: { name: string; hash: string; password: string },
  ): Promise<string | undefined> {
    const renewed = await this.#passwords.hash(password, LANE);
    this.#passwords.remember(renewed, password);
    return (await store.replaceHash(name, hash, renewed)) ? renewed : undefined;
  }
}
