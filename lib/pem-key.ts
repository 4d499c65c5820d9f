import type { KeyObject } from 'node:crypto';

/**
 * Tells whether a text is a key in PEM (RFC 7468). A public key is known to everybody, so it can't
 * be a shared secret (RFC 8725, section 2.1).
 *
 * @param read - `createPrivateKey` of `node:crypto`, or `createPublicKey`, which reads certificates
 *   and private keys, too
 */
export function isPemKey(text: string, read: (pem: string) => KeyObject): boolean {
  // To let OpenSSL try takes longer than a signature.
  if (!text.includes('-----BEGIN ')) return false;
  try {
    read(text);
    return true;
  } catch {
    return false;
  }
}
