import { createPublicKey } from 'node:crypto';
import { lazy } from '../lazy.js';
import { isPemKey } from '../pem-key.js';

/** The content of a token; none of it is verified. */
export interface TokenContent {
  /** Any JSON but null, false, 0 and "". */
  readonly header: unknown;
  /** Any JSON, or a text that is none. */
  readonly claims: unknown;
}

/** Algorithms that sign with a shared secret. */
export type TokenAlgorithm = 'HS256' | 'HS384' | 'HS512';

/**
 * Reads a token of three segments (RFC 7515, section 7.1); undefined if that is not possible, or if
 * `typ` says JWT and the claims are no JSON.
 */
export function readToken(token: string): TokenContent | undefined {
  const { decode } = lazy.jws();
  try {
    const content = decode(token);
    return content === null
      ? undefined
      : { header: content.header, claims: objectOf(content.payload) };
  } catch {
    // The library throws for claims that it can't read. Its texts don't help a client.
    return undefined;
  }
}

/**
 * Tells whether a token's signature is made by this algorithm and secret; compares in constant
 * time. A secret that is a key of another kind verifies nothing.
 */
export function isSigned(token: string, algorithm: TokenAlgorithm, secret: string): boolean {
  return !isPemKey(secret, createPublicKey) && lazy.jws().verify(token, algorithm, secret);
}

/** The library reads the claims of a token only if `typ` says that it is a JWT. */
function objectOf(payload: unknown): unknown {
  if (typeof payload !== 'string') return payload;
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === 'object' && value !== null ? value : payload;
  } catch {
    return payload;
  }
}
