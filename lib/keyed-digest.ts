import { hash, randomBytes } from 'node:crypto';

/**
 * Makes keys of texts that must not be kept: SHA-256 over a random secret of this process and the
 * text. A digest that never leaves the process needs no HMAC, and the one-shot digest costs a
 * fifth of one.
 */
export class KeyedDigest {
  readonly #secret: string = randomBytes(32).toString('base64');

  /** The digest, a character a byte: half as long for a map to hash again as in hexadecimal digits. */
  of(text: string): string {
    return hash('sha256', this.#secret + text, 'binary');
  }
}
