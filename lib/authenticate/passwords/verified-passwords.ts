import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** How many passwords are remembered as right, and as wrong. */
const MAX_RIGHT = 32_768;
const MAX_WRONG = 4_096;

/**
 * Remembers what bcrypt answered, without the passwords: a key is an HMAC-SHA-256, under a random key of this process,
 * over the stored hash and the password, each with its length. A hash that changed can never match, and no two
 * pairs share a key.
 *
 * Wrong passwords have a small memory of their own, so that no flood of them makes a right one forgotten.
 */
export class VerifiedPasswords {
  readonly #secret: Buffer = randomBytes(32);
  readonly #right: LRUCache<string, true> | undefined;
  readonly #wrong: LRUCache<string, true> | undefined;
  /** The last right password of each name, of those that somebody else verifies. */
  readonly #last: LRUCache<string, string> | undefined;

  /** Milliseconds for which an answer is remembered. */
  readonly expiration: number;

  /**
   * @param expiration - milliseconds; 0 remembers nothing
   * @param staleIfError - how many milliseconds longer the last right password of a name is known, for when nobody can be asked
   */
  constructor(expiration: number, staleIfError = 0) {
    this.expiration = expiration;
    if (expiration <= 0) return;
    this.#right = new LRUCache({ max: MAX_RIGHT, ttl: expiration });
    this.#wrong = new LRUCache({ max: MAX_WRONG, ttl: expiration });
    if (staleIfError > 0) {
      this.#last = new LRUCache({ max: MAX_RIGHT, ttl: expiration + staleIfError });
    }
  }

  /** The key of these parts together; needs to be computed once a login. */
  key(...parts: readonly string[]): string {
    const hmac = createHmac('sha256', this.#secret);
    for (const part of parts) {
      const bytes = Buffer.from(part);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      hmac.update(length).update(bytes);
    }
    return hmac.digest('base64');
  }

  /** What is known of a key: right, wrong, or nothing. */
  recall(key: string): boolean | undefined {
    if (this.#right?.get(key)) return true;
    return this.#wrong?.get(key) ? false : undefined;
  }

  /** Until when a password that was right is remembered, in milliseconds of this process' steady clock. */
  recallUntil(key: string): number | undefined {
    if (!this.#right?.get(key)) return undefined;
    return performance.now() + this.#right.getRemainingTTL(key);
  }

  /** @param until - when to forget it, if that is earlier than usual */
  remember(key: string, right: boolean, until?: number): void {
    const memory = right ? this.#right : this.#wrong;
    const ttl = Math.min(this.expiration, Math.ceil((until ?? Infinity) - performance.now()));
    if (ttl > 0) memory?.set(key, true, { ttl });
  }

  /** Notes what somebody else said of a password, for when they can't be asked: only the last right one of a name is known. */
  noteAsked(name: string, key: string, right: boolean): void {
    if (right) this.#last?.set(name, key);
    else if (this.#last?.get(name) === key) this.#last.delete(name);
  }

  /** Whether a password is the last right one of a name. */
  wasRight(name: string, key: string): boolean {
    return this.#last?.get(name) === key;
  }
}
