import { bcryptHashCost } from '../../stores/rules/bcrypt-hash.js';
import type { UserSource, UserStore } from '../../stores/user-store.js';
import { isUserStore } from '../../stores/user-store.js';
import type { CachedUser } from '../user-cache.js';
import type { Passwords } from './passwords.js';

/** Renewals wait behind each other, not behind clients. */
const LANE = 'hash renewal';

/**
 * Replaces the hash of a user who has just logged in by one of the configured cost, where it was cheaper. Logging in doesn't
 * wait for it, and doesn't fail with it: a store that refuses the write is asked again at a later login.
 */
export class HashRenewal {
  readonly #store: UserStore | undefined;
  readonly #passwords: Passwords;
  readonly #running = new Set<string>();

  constructor(source: UserSource, passwords: Passwords) {
    this.#store = isUserStore(source) ? source : undefined;
    this.#passwords = passwords;
  }

  /** @param password - just verified against the user's hash */
  consider({ user, hash }: CachedUser, password: string): void {
    if (this.#store === undefined || hash === '') return;
    if (bcryptHashCost(hash) >= this.#passwords.cost || this.#running.has(user.name)) return;
    this.#running.add(user.name);
    this.#renew(this.#store, { name: user.name, hash, password })
      .catch(() => undefined)
      .finally(() => this.#running.delete(user.name));
  }

  async #renew(
    store: UserStore,
    { name, hash, password }: { name: string; hash: string; password: string },
  ): Promise<void> {
    const renewed = await this.#passwords.hash(password, LANE);
    this.#passwords.remember(renewed, password);
    await store.replaceHash(name, hash, renewed);
  }
}
