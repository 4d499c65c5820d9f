import { createHmac, randomBytes } from 'node:crypto';
import { BoundedMemory } from '../bounded-memory.js';

/** Limits of remembered right and wrong passwords. */
const MAX_RIGHT = 32_768;
const MAX_WRONG = 4_096;

/**
 * Remembers the answers of bcrypt without the passwords. A key is an HMAC-SHA-256 under a random
 * key of this process, over the stored hash and the password as one JSON text. (Other memories use
 * a plain digest; a password is easier to guess than a whole header.) A changed hash never matches,
 * and no two pairs share a key.
 *
 * Wrong passwords have a small memory apart, so that a flood of them can't push out right ones.
 */
export class VerifiedPasswords {
  readonly #secret: Buffer = randomBytes(32);
  /**
   * The end of each one's validity, in milliseconds of this process' steady clock.
   */
  readonly #right: BoundedMemory<number> | undefined;
  readonly #wrong: BoundedMemory<true> | undefined;
  /** Names with passwords that were right, under any hash. */
  readonly #logins: BoundedMemory<true> | undefined;
  /** The last right password of each name that the source verifies. */
  readonly #last: BoundedMemory<string> | undefined;

  /** Milliseconds for which an answer is remembered. */
  readonly expiration: number;

  /**
   * @param expiration - milliseconds; 0 disables the memory
   * @param staleIfError - milliseconds beyond that for which the last right password of a name is
   *   known, in case the source can't be asked
   */
  constructor(expiration: number, staleIfError = 0) {
    this.expiration = expiration;
    if (expiration <= 0) return;
    this.#right = new BoundedMemory({ max: MAX_RIGHT, lifetime: expiration });
    this.#logins = new BoundedMemory({ max: MAX_RIGHT, lifetime: expiration });
    this.#wrong = new BoundedMemory({ max: MAX_WRONG, lifetime: expiration });
    if (staleIfError > 0) {
      this.#last = new BoundedMemory({ max: MAX_RIGHT, lifetime: expiration + staleIfError });
    }
  }

  /** The key of these parts together. Costs an HMAC. */
  key(...parts: readonly string[]): string {
    // One text: each piece would be a call of its own, and logins come in storms.
    return createHmac('sha256', this.#secret).update(JSON.stringify(parts)).digest('base64');
  }

  /** True for a right password, false for a wrong one, undefined for an unknown one. */
  recall(key: string): boolean | undefined {
    if (this.recallUntil(key) !== undefined) return true;
    return this.#wrong?.get(key) ? false : undefined;
  }

  /**
   * The end of the time for which a right password is remembered, in milliseconds of this process'
   * steady clock.
   */
  recallUntil(key: string): number | undefined {
    const until = this.#right?.get(key);
    return until !== undefined && performance.now() < until ? until : undefined;
  }

  /** @param until - an earlier end than usual */
  remember(key: string, right: boolean, until?: number): void {
    const now = performance.now();
    const end = Math.min(now + this.expiration, until ?? Infinity);
    if (end <= now) return;
    const lifetime = Math.ceil(end - now);
    if (right) this.#right?.set(key, end, lifetime);
    else this.#wrong?.set(key, true, lifetime);
  }

  /** Notes that the name and the password of this key were let in. */
  noteLogin(key: string): void {
    this.#logins?.set(key, true);
  }

  /** Returns true if they were let in, even under a hash that has been replaced. */
  wasLetIn(key: string): boolean {
    return this.#logins?.get(key) ?? false;
  }

  /**
   * Notes the source's answer in case it can't be asked later. Only the last right password of a
   * name is known.
   */
  noteAsked(name: string, key: string, right: boolean): void {
    if (right) this.#last?.set(name, key);
    else if (this.#last?.get(name) === key) this.#last.delete(name);
  }

  /** Returns true if a password is the last right one of a name. */
  wasRight(name: string, key: string): boolean {
    return this.#last?.get(name) === key;
  }
}
