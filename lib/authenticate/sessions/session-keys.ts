import { hkdfSync } from 'node:crypto';

/** The keys of session values. */
export interface SessionKeys {
  /** For the form: that we made the value. */
  readonly form: Buffer;
  /** For the binding: that the user's login is still the same. */
  readonly binding: Buffer;
}

/** The label keeps these keys apart from all other uses of the secret: no token is a session. */
const LABEL = 'kapacitor-auth sessions, version 1';

const KEY_BYTES = 32;

/** Derives the keys from a secret (RFC 5869, HKDF with SHA-256). */
export function sessionKeys(secret: string | Buffer): SessionKeys {
  const derived = Buffer.from(hkdfSync('sha256', secret, '', LABEL, 2 * KEY_BYTES));
  return { form: derived.subarray(0, KEY_BYTES), binding: derived.subarray(KEY_BYTES) };
}
