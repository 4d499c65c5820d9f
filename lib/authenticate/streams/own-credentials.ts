import type { CredentialsRequest } from '../../credentials/parse.js';
import { parseCredentials } from '../../credentials/parse.js';
import { AuthenticationError } from '../../errors.js';
import type { KapacitorUser } from '../../privileges/user.js';
import { verifyToken } from '../token.js';

/**
 * Returns true if a request brought credentials of its user itself. Otherwise the user comes from a
 * session of the app.
 *
 * @param secret - `http.shared-secret`
 */
export function bringsCredentialsOf(
  user: KapacitorUser,
  sent: CredentialsRequest,
  secret: string,
): boolean {
  const credentials = parseCredentials(sent);
  switch (credentials.kind) {
    case 'basic':
    case 'query':
      return credentials.name === user.name;
    case 'subscription':
      return user.source === 'subscription';
    case 'bearer':
      return isTokenOf(user, credentials.token, secret);
    case 'malformed':
    case 'missing':
      return false;
  }
}

function isTokenOf(user: KapacitorUser, token: string, secret: string): boolean {
  try {
    return verifyToken(token, secret, {}).username === user.name;
  } catch (error) {
    // Its signature was right, and it let the request in.
    return error instanceof AuthenticationError && error.code === 'ERR_KAUTH_TOKEN_EXPIRED';
  }
}
