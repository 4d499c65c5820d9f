import { signClaims } from '../../sign-claims.js';

/** Seconds for which our tokens are valid; five minutes, as in Kapacitor. */
const TOKEN_LIFETIME = 300;

/** Our credentials at a meta node; empty if not set. */
export interface OwnCredentials {
  readonly username: string;
  readonly password: string;
  /** If set, the other two are not used. */
  readonly internalSharedSecret: string;
}

/**
 * The `Authorization` header of a request to a meta node; undefined if there are no credentials.
 */
export function authorizationHeader(credentials: OwnCredentials): string | undefined {
  const { username, password, internalSharedSecret } = credentials;
  if (internalSharedSecret !== '') return `Bearer ${token(internalSharedSecret)}`;
  if (username === '') return undefined;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/**
 * Names the options that hold the credentials in use, for an operator whose credentials were
 * refused.
 */
export function credentialOptions(credentials: OwnCredentials): string {
  if (credentials.internalSharedSecret !== '') return 'auth.meta-internal-shared-secret';
  if (credentials.username !== '') return 'auth.meta-username and auth.meta-password';
  return 'auth.meta-internal-shared-secret, or auth.meta-username and auth.meta-password (none is set)';
}

function token(secret: string): string {
  const exp = Math.floor(Date.now() / 1000) + TOKEN_LIFETIME;
  return signClaims('HS512', { username: '', exp }, secret);
}
