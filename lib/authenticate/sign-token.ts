import { MisuseError } from '../errors.js';
import { signClaims } from '../sign-claims.js';

/** The claims of a token, and its lifetime. */
export interface TokenClaims {
  /** The user that the token lets in. */
  readonly username: string;
  /** Seconds from now until it expires. */
  readonly lifetime: number;
}

/**
 * Makes a JSON Web Token that Kapacitor and `kapacitorAuth()` accept as `Authorization: Bearer`:
 * HS256, with `username`, `iat` and `exp` (RFC 7519).
 *
 * @param secret - the `http.shared-secret` of the program that is to accept the token
 * @throws MisuseError if the arguments have another form, the secret or the name is empty, the
 *   secret is a private key, or the lifetime is not a number of seconds over 0
 */
export function signToken(claims: TokenClaims, secret: string): string {
  checkForm(claims, secret);
  const { username, lifetime } = claims;
  if (secret === '') throw new MisuseError('an empty shared secret signs nothing');
  if (username === '') throw new MisuseError('a token needs the name of a user');
  if (!(lifetime > 0 && lifetime < Infinity)) {
    throw new MisuseError('the lifetime of a token is a number of seconds over 0');
  }
  const now = Math.floor(Date.now() / 1000);
  return signClaims('HS256', { username, iat: now, exp: now + Math.ceil(lifetime) }, secret);
}

/** Catches callers in JavaScript, and those used to `sign` of jsonwebtoken. */
function checkForm(claims: unknown, secret: unknown): void {
  const isForm =
    typeof claims === 'object' &&
    claims !== null &&
    'username' in claims &&
    typeof claims.username === 'string' &&
    'lifetime' in claims &&
    typeof claims.lifetime === 'number' &&
    typeof secret === 'string';
  if (isForm) return;
  throw new MisuseError(
    'signToken({ username, lifetime }, secret): give it the name of a user, seconds, and the shared secret, such as ' +
      "signToken({ username: 'amy', lifetime: 300 }, auth.config.http.sharedSecret)",
  );
}
