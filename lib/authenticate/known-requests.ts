import type { Credentials, CredentialsRequest } from '../credentials/parse.js';
import { queryCredentialsText } from '../credentials/query.js';
import { KeyedDigest } from '../keyed-digest.js';
import type { KapacitorUser } from '../privileges/user.js';
import { BoundedMemory } from './bounded-memory.js';

/** Limit of remembered headers, and of remembered queries. */
const MAX_KNOWN = 32_768;

/** The meaning of credentials that were verified. */
export interface KnownUser {
  readonly user: KapacitorUser;
  /** The name that a password was given for; undefined if it was a token. */
  readonly login: string | undefined;
  /** The hash that the password belongs to; empty if the source verified it. */
  readonly hash?: string | undefined;
  /** The version of the user cache that this was concluded from. */
  readonly version: number;
  /** The end of its validity, in milliseconds of this process' steady clock. */
  readonly expiresAt: number;
  /** The end of the token's validity, in seconds since 1970; Infinity without a token. */
  readonly tokenExpires: number;
}

type Memory = BoundedMemory<KnownUser>;

/**
 * Recognises requests whose credentials were verified before, before anything is decoded. It
 * compares the very text that decides: the Authorization header, or the query parameters `u` and
 * `p` as sent if there is no such header. The text itself is not kept.
 */
export class KnownRequests {
  readonly #digest = new KeyedDigest();
  readonly #headers: Memory | undefined;
  readonly #queries: Memory | undefined;

  /** @param expiration - milliseconds; 0 disables the memory */
  constructor(expiration: number) {
    if (expiration <= 0) return;
    this.#headers = new BoundedMemory({ max: MAX_KNOWN });
    this.#queries = new BoundedMemory({ max: MAX_KNOWN });
  }

  /**
   * The user of a request's credentials, if they are remembered for this version of the users.
   *
   * @param freshUntil - the time until which anything remembered is believed, in milliseconds of
   *   this process' steady clock; always if left out
   */
  recall(request: CredentialsRequest, version: number, freshUntil?: number): KnownUser | undefined {
    const { authorization } = request.headers;
    const memory = authorization === undefined ? this.#queries : this.#headers;
    if (memory === undefined) return undefined;
    // Reads the target only if it decides: reading a field of Express' request is slow on Node 20.
    const text = authorization ?? queryCredentialsText(request.url ?? '');
    const known = text === undefined ? undefined : memory.get(this.#digest.of(text));
    return known?.version === version && !isOver(known, freshUntil) ? known : undefined;
  }

  /** @param kind - the credentials of the request that were verified */
  remember(
    { headers: { authorization }, url }: CredentialsRequest,
    kind: Credentials['kind'],
    found: KnownUser,
  ): void {
    if (kind !== 'query') {
      if (authorization !== undefined) this.#headers?.set(this.#digest.of(authorization), found);
    } else if (authorization === undefined) {
      // A query beside a header of another scheme is not remembered: `recall` reads only the header
      // then, which was not verified.
      const text = queryCredentialsText(url ?? '');
      if (text !== undefined) this.#queries?.set(this.#digest.of(text), found);
    }
  }
}

function isOver({ expiresAt, tokenExpires }: KnownUser, freshUntil = Infinity): boolean {
  const now = performance.now();
  if (now >= expiresAt || !(now < freshUntil)) return true;
  return tokenExpires !== Infinity && Date.now() / 1000 >= tokenExpires;
}
