import { hash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { KapacitorUser } from '../privileges/user.js';

/** How many clients' credentials are recognised without being read again. */
const MAX_KNOWN = 32_768;

/** What credentials were found to stand for. */
export interface KnownUser {
  readonly user: KapacitorUser;
  /** The name that a password was given for; undefined if it was a token. */
  readonly login: string | undefined;
  /** The version of the user cache that this was concluded from. */
  readonly version: number;
  /** Until when it counts, in milliseconds of this process' steady clock. */
  readonly expiresAt: number;
  /** When the token in it expires, in seconds since 1970; Infinity without one. */
  readonly tokenExpires: number;
}

/**
 * Recognises credentials that were verified before from the text they were sent as, before anything is decoded. The text
 * itself is not kept: a key is a SHA-256 of a random secret of this process followed by it. (A digest that never leaves
 * the process needs no HMAC; the one-shot digest costs a fifth.)
 */
export class KnownCredentials {
  readonly #secret: string = randomBytes(32).toString('base64');
  readonly #known: LRUCache<string, KnownUser> | undefined;

  /** @param expiration - milliseconds; 0 knows nobody */
  constructor(expiration: number) {
    this.#known = expiration > 0 ? new LRUCache({ max: MAX_KNOWN }) : undefined;
  }

  /** What this text stands for, while that is still true of this version of the users. */
  recall(text: string, version: number): KnownUser | undefined {
    if (this.#known === undefined) return undefined;
    const known = this.#known.get(this.#key(text));
    if (known?.version !== version) return undefined;
    if (performance.now() >= known.expiresAt) return undefined;
    if (known.tokenExpires !== Infinity && Date.now() / 1000 >= known.tokenExpires)
      return undefined;
    return known;
  }

  remember(text: string, known: KnownUser): void {
    this.#known?.set(this.#key(text), known);
  }

  #key(text: string): string {
    // Half as long a key as in hexadecimal digits, for the memory to hash again.
    return hash('sha256', this.#secret + text, 'binary');
  }
}
