import { bcryptHashCost } from '../../stores/rules/bcrypt-hash.js';
import type { UserSource, UserStore } from '../../stores/user-store.js';
import { isUserStore } from '../../stores/user-store.js';
import type { CachedUser } from '../user-cache.js';
import type { Passwords } from './passwords.js';

/** Renewals wait for each other in a lane apart from those of clients. */
const LANE = 'hash renewal';

/**
 * Replaces the hash of a user who has just logged in, if its cost is below the configured one. The
 * login neither waits for this nor fails with it: if the store refuses the write, a later login
 * tries again.
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
