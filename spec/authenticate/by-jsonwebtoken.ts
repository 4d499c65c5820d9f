import type { Algorithm } from 'jsonwebtoken';
import { decode, verify } from 'jsonwebtoken';

/** The outcome for a token: whom it lets in and until when, or why it is refused. */
export type Verdict =
  { readonly username: unknown; readonly expires: unknown } | { readonly refused: string };

const ALGORITHMS: Algorithm[] = ['HS256', 'HS384', 'HS512'];

/** Judges a token by jsonwebtoken, and the claims as Kapacitor does: written apart from lib. */
export function judgeByJsonwebtoken(token: string, secret: string): Verdict {
  if (secret === '') return { refused: 'bearer auth disabled' };
  if (token.split('.').length !== 3) {
    return { refused: 'invalid token: token contains an invalid number of segments' };
  }
  const problem = headerProblem(token);
  if (problem !== undefined) return { refused: `invalid token: ${problem}` };
  const claims = attempt<unknown>(() =>
    verify(token, secret, {
      algorithms: ALGORITHMS,
      ignoreExpiration: true,
      ignoreNotBefore: true,
    }),
  );
  if (claims === undefined) return { refused: 'invalid token: signature is invalid' };
  if (typeof claims === 'string' || Array.isArray(claims)) {
    return { refused: 'invalid token: claims are not an object' };
  }
  return judgeClaims(new Map(Object.entries(Object(claims))));
}

function headerProblem(token: string): string | undefined {
  const header = attempt(() => decode(token, { complete: true })?.header);
  if (header === undefined) return 'token is malformed';
  const alg: unknown = header.alg;
  if (!ALGORITHMS.some((each) => each === alg)) {
    const isName = typeof alg === 'string' && /^[A-Za-z0-9]{1,8}$/.test(alg);
    return `unexpected signing method: ${isName ? alg : 'unknown'}`;
  }
  return 'crit' in header ? 'unknown critical header' : undefined;
}

function judgeClaims(claims: ReadonlyMap<string, unknown>): Verdict {
  const now = Date.now() / 1000;
  const [exp, iat, nbf, username] = ['exp', 'iat', 'nbf', 'username'].map((name) =>
    claims.get(name),
  );
  const isTime = (value: unknown): value is number =>
    typeof value === 'number' && Math.abs(value) <= 8.64e12;
  const hasCome = (value: unknown): boolean =>
    value === undefined || (isTime(value) && value <= now + 10);
  if (isTime(exp) && now >= exp) return { refused: 'invalid token: Token is expired' };
  if (!hasCome(iat)) return { refused: 'invalid token: Token used before issued' };
  if (!hasCome(nbf)) return { refused: 'invalid token: Token is not valid yet' };
  if (!isTime(exp)) return { refused: 'token expiration required' };
  if (typeof username !== 'string') return { refused: 'username in token must be a string' };
  if (username === '') return { refused: 'token must contain a username' };
  return { username, expires: exp };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
