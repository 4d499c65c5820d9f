import { lazy } from '../../lazy.js';

/** How long a token of ours is valid, in seconds; Kapacitor's five minutes. */
const TOKEN_LIFETIME = 300;

/** What we authenticate with at a meta node; empty where not set. */
export interface OwnCredentials {
  readonly username: string;
  readonly password: string;
  /** Wins over the other two. */
  readonly internalSharedSecret: string;
}

/** The `Authorization` header of a request to a meta node; undefined when there are no credentials. */
export function authorizationHeader(credentials: OwnCredentials): string | undefined {
  const { username, password, internalSharedSecret } = credentials;
  if (internalSharedSecret !== '') return `Bearer ${token(internalSharedSecret)}`;
  if (username === '') return undefined;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** Which options hold the credentials in use, for an operator whose credentials were refused. */
export function credentialOptions(credentials: OwnCredentials): string {
  if (credentials.internalSharedSecret !== '') return 'auth.meta-internal-shared-secret';
  if (credentials.username !== '') return 'auth.meta-username and auth.meta-password';
  return 'auth.meta-internal-shared-secret, or auth.meta-username and auth.meta-password (none is set)';
}

function token(secret: string): string {
  const { sign } = lazy.jsonwebtoken();
  const exp = Math.floor(Date.now() / 1000) + TOKEN_LIFETIME;
  return sign({ username: '', exp }, secret, { algorithm: 'HS512', noTimestamp: true });
}
