import type { StoredUser, UserSource } from '../stores/user-store.js';
import { isFresh } from './linked-source.js';

/**
 * Remembers users as the middleware does: for as long as nothing is told of them, and only while
 * the source is fresh.
 */
export class Believing {
  readonly #source: UserSource;
  readonly #users = new Map<string, StoredUser>();
  #version = 0;

  constructor(source: UserSource) {
    this.#source = source;
    source.watch?.((name) => {
      this.#version += 1;
      if (name === undefined) this.#users.clear();
      else this.#users.delete(name);
    });
  }

  /** The user, remembered or found just now. A look-up that may miss a change is not kept. */
  async find(name: string): Promise<StoredUser | undefined> {
    const known = this.#users.get(name);
    if (known !== undefined && isFresh(this.#source)) return known;
    const version = this.#version;
    const wasFresh = isFresh(this.#source);
    const found = await this.#source.find(name);
    const isKept = wasFresh && isFresh(this.#source) && version === this.#version;
    if (found !== undefined && isKept) this.#users.set(name, found);
    return found;
  }
}
