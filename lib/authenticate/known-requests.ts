import { LRUCache } from 'lru-cache';
import type { Credentials, CredentialsRequest } from '../credentials/parse.js';
import { findQueryCredentials } from '../credentials/query.js';
import { KeyedDigest } from '../keyed-digest.js';
import type { KapacitorUser } from '../privileges/user.js';

/** So many headers are recognised without being read again, and so many queries. */
const MAX_KNOWN = 32_768;

/** The meaning of credentials that were verified. */
export interface KnownUser {
  readonly user: KapacitorUser;
  /** The name that a password was given for; undefined if it was a token. */
  readonly login: string | undefined;
  /** The version of the user cache that this was concluded from. */
  readonly version: number;
  /** The end of it, in milliseconds of this process' steady clock. */
  readonly expiresAt: number;
  /** The end of the token, in seconds since 1970; Infinity without one. */
  readonly tokenExpires: number;
}

type Memory = LRUCache<string, KnownUser>;

/**
 * Recognises requests whose credentials were verified before, by the very text that decides, before
 * anything is decoded: the Authorization header, or the query parameters `u` and `p` as sent if
 * there is no such header. The text itself is not kept.
 */
export class KnownRequests {
  readonly #digest = new KeyedDigest();
  readonly #headers: Memory | undefined;
  readonly #queries: Memory | undefined;

  /** @param expiration - milliseconds; 0 disables the memory */
  constructor(expiration: number) {
    if (expiration <= 0) return;
    this.#headers = new LRUCache({ max: MAX_KNOWN });
    this.#queries = new LRUCache({ max: MAX_KNOWN });
  }

  /** The user of a request's credentials, while that is still true of this version of the users. */
  recall(request: CredentialsRequest, version: number): KnownUser | undefined {
    const { authorization } = request.headers;
    const memory = authorization === undefined ? this.#queries : this.#headers;
    if (memory === undefined) return undefined;
    // Reading a field of Express' request is dear on Node 20: the target only if it decides.
    const text = authorization ?? queryText(request.url);
    const known = text === undefined ? undefined : memory.get(this.#digest.of(text));
    return known?.version === version && !isOver(known) ? known : undefined;
  }

  /** @param kind - the one of the request's credentials that was believed */
  remember(
    { headers: { authorization }, url }: CredentialsRequest,
    kind: Credentials['kind'],
    found: KnownUser,
  ): void {
    if (kind !== 'query') {
      if (authorization !== undefined) this.#headers?.set(this.#digest.of(authorization), found);
    } else if (authorization === undefined) {
      // Beside a header of another scheme the query is read each time: the header was not believed.
      const text = queryText(url);
      if (text !== undefined) this.#queries?.set(this.#digest.of(text), found);
    }
  }
}

function isOver({ expiresAt, tokenExpires }: KnownUser): boolean {
  if (performance.now() >= expiresAt) return true;
  return tokenExpires !== Infinity && Date.now() / 1000 >= tokenExpires;
}

/** All of a query that decides, as sent: name and password, with what neither can hold between. */
function queryText(url = ''): string | undefined {
  const found = findQueryCredentials(url);
  return found && `${found.name}&${found.password}`;
}
