import type { ErrorHeaders } from '../errors.js';
import { AuthenticationError } from '../errors.js';
import { isRecord } from '../is-record.js';
import type { TokenAlgorithm } from './compact-token.js';
import { isSigned, readToken } from './compact-token.js';

/** The claims of a token with a right signature and at a right time. */
export interface VerifiedToken {
  readonly username: string;
  /** The end of its validity, in seconds since 1970. */
  readonly expires: number;
}

const ALGORITHMS: readonly TokenAlgorithm[] = ['HS256', 'HS384', 'HS512'];

/** The last second that a date can represent (ECMA-262, section 21.4.1.1). */
const LAST_SECOND = 8.64e12;

/**
 * Verifies a JSON Web Token as Kapacitor does (`http.shared-secret`): HMAC only, `exp` required,
 * `nbf` and `iat` honoured, the user's name in `username` (RFC 7519). Unknown critical headers are
 * refused (RFC 7515, section 4.1.11).
 *
 * @param headers - the headers of the answer to a refused token: the challenge
 * @throws AuthenticationError with Kapacitor's texts
 */
export function verifyToken(token: string, secret: string, headers: ErrorHeaders): VerifiedToken {
  const refuse: Refuse = (code, message) => {
    throw new AuthenticationError(code, message, { headers });
  };
  // An empty key would verify tokens that were signed with an empty key.
  if (secret === '') return refuse('ERR_KAUTH_TOKEN_REFUSED', 'bearer auth disabled');
  if (token.split('.').length !== 3) {
    return invalid(refuse, 'token contains an invalid number of segments');
  }
  const content = readToken(token);
  if (content === undefined) return invalid(refuse, 'token is malformed');
  const algorithm = checkHeader(content.header, refuse);
  if (content.claims === null || !isSigned(token, algorithm, secret)) {
    return invalid(refuse, 'signature is invalid');
  }
  const claims = checkForm(content.claims, refuse);
  const expires = checkTimes(claims, refuse);
  return { username: checkUsername(claims['username'], refuse), expires };
}

type Refuse = (
  code: 'ERR_KAUTH_TOKEN_INVALID' | 'ERR_KAUTH_TOKEN_EXPIRED' | 'ERR_KAUTH_TOKEN_REFUSED',
  message: string,
) => never;

function invalid(refuse: Refuse, problem: string): never {
  return refuse('ERR_KAUTH_TOKEN_INVALID', `invalid token: ${problem}`);
}

/** The header is not verified yet: it may be any JSON, even a value that can't become a string. */
function checkHeader(header: unknown, refuse: Refuse): TokenAlgorithm {
  const { alg, crit } = recordOf(header);
  const algorithm = ALGORITHMS.find((each) => each === alg);
  if (algorithm === undefined) {
    const name = typeof alg === 'string' && /^[A-Za-z0-9]{1,8}$/.test(alg) ? alg : 'unknown';
    return invalid(refuse, `unexpected signing method: ${name}`);
  }
  if (crit !== undefined) return invalid(refuse, 'unknown critical header');
  return algorithm;
}

type Claims = Readonly<Record<string, unknown>>;

function checkForm(claims: unknown, refuse: Refuse): Claims {
  if (typeof claims === 'string' || Array.isArray(claims)) {
    return invalid(refuse, 'claims are not an object');
  }
  return recordOf(claims);
}

/** Other JSON has no members. */
function recordOf(value: unknown): Claims {
  return isRecord(value) ? value : {};
}

/** Seconds that the clock of the token's maker may be ahead. `exp` has no leeway. */
const LEEWAY = 10;

function checkTimes(claims: Claims, refuse: Refuse): number {
  const now = Date.now() / 1000;
  const { exp, iat, nbf } = claims;
  if (isTime(exp) && now >= exp) {
    return refuse('ERR_KAUTH_TOKEN_EXPIRED', 'invalid token: Token is expired');
  }
  if (iat !== undefined && !(isTime(iat) && iat <= now + LEEWAY)) {
    return invalid(refuse, 'Token used before issued');
  }
  if (nbf !== undefined && !(isTime(nbf) && nbf <= now + LEEWAY)) {
    return invalid(refuse, 'Token is not valid yet');
  }
  if (!isTime(exp)) {
    return refuse('ERR_KAUTH_TOKEN_INVALID', 'token expiration required');
  }
  return exp;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= LAST_SECOND;
}

function checkUsername(username: unknown, refuse: Refuse): string {
  if (typeof username !== 'string') {
    return refuse('ERR_KAUTH_TOKEN_INVALID', 'username in token must be a string');
  }
  if (username === '') return refuse('ERR_KAUTH_TOKEN_INVALID', 'token must contain a username');
  return username;
}
