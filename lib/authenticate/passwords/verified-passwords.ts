import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** How many passwords are remembered as right, and as wrong. */
const MAX_RIGHT = 32_768;
const MAX_WRONG = 4_096;

/**
 * Remembers what bcrypt answered, without the passwords: a key is an HMAC-SHA-256, under a random key of this process,
 * over the stored hash and the password, each with its length (an HMAC and not the digest that
 * other memories use, since a password is guessed more easily than a whole header). A hash that changed can never match, and no two
 * pairs share a key.
 *
 * Wrong passwords have a small memory of their own, so that no flood of them makes a right one forgotten.
 */
export class VerifiedPasswords {
  readonly #secret: Buffer = randomBytes(32);
  /** Until when each counts, in milliseconds of this process' steady clock; the memory's own clock runs late in a busy process. */
  readonly #right: LRUCache<string, number> | undefined;
  readonly #wrong: LRUCache<string, true> | undefined;
  /** Names with passwords that were right, by whichever hash. */
  readonly #logins: LRUCache<string, true> | undefined;
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
    this.#logins = new LRUCache({ max: MAX_RIGHT, ttl: expiration });
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
    if (this.recallUntil(key) !== undefined) return true;
    return this.#wrong?.get(key) ? false : undefined;
  }

  /** Until when a password that was right is remembered, in milliseconds of this process' steady clock. */
  recallUntil(key: string): number | undefined {
    const until = this.#right?.get(key);
    return until !== undefined && performance.now() < until ? until : undefined;
  }

  /** @param until - when to forget it, if that is earlier than usual */
  remember(key: string, right: boolean, until?: number): void {
    const now = performance.now();
    const end = Math.min(now + this.expiration, until ?? Infinity);
    if (end <= now) return;
    const ttl = Math.ceil(end - now);
    if (right) this.#right?.set(key, end, { ttl });
    else this.#wrong?.set(key, true, { ttl });
  }

  /** Notes that a name and a password, of which this is the key, were let in. */
  noteLogin(key: string): void {
    this.#logins?.set(key, true);
  }

  /** Whether they were let in, be that by a hash that is no more. */
  wasLetIn(key: string): boolean {
    return this.#logins?.get(key) ?? false;
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
