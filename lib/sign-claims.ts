import { createPrivateKey } from 'node:crypto';
import { MisuseError } from './errors.js';
import { lazy } from './lazy.js';
import { isPemKey } from './pem-key.js';

/**
 * Signs claims with a shared secret: a JSON Web Token (RFC 7519) in its compact form.
 *
 * @throws MisuseError if the secret is a private key
 */
export function signClaims(algorithm: 'HS256' | 'HS512', claims: object, secret: string): string {
  if (isPemKey(secret, createPrivateKey)) {
    throw new MisuseError(
      'a private key is no shared secret: whoever has its public key could not verify the token',
    );
  }
  const header = { alg: algorithm, typ: 'JWT' };
  return lazy.jws().sign({ header, payload: claims, secret });
}
