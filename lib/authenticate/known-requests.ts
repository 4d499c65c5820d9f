import type { Credentials, CredentialsRequest } from '../credentials/parse.js';
import { findQueryCredentials } from '../credentials/query.js';
import type { KnownUser } from './known-credentials.js';
import { KnownCredentials } from './known-credentials.js';

/**
 * Recognises requests whose credentials were verified before, by exactly what decides: the Authorization header, or the query
 * parameters `u` and `p` as sent where there is no such header.
 */
export class KnownRequests {
  readonly #headers: KnownCredentials;
  readonly #queries: KnownCredentials;

  /** @param expiration - milliseconds; 0 knows nobody */
  constructor(expiration: number) {
    this.#headers = new KnownCredentials(expiration);
    this.#queries = new KnownCredentials(expiration);
  }

  /** What a request's credentials stand for, while that is still true of this version of the users. */
  recall(request: CredentialsRequest, version: number): KnownUser | undefined {
    const { authorization } = request.headers;
    if (authorization !== undefined) return this.#headers.recall(authorization, version);
    const text = queryText(request.url);
    return text === undefined ? undefined : this.#queries.recall(text, version);
  }

  /** @param kind - which of the request's credentials were believed */
  remember(
    { headers: { authorization }, url }: CredentialsRequest,
    kind: Credentials['kind'],
    found: KnownUser,
  ): void {
    if (kind !== 'query') {
      if (authorization !== undefined) this.#headers.remember(authorization, found);
    } else if (authorization === undefined) {
      // Beside a header of another scheme the query is read each time: it was believed, not the header.
      const text = queryText(url);
      if (text !== undefined) this.#queries.remember(text, found);
    }
  }
}

/** All of a query that decides, as sent: name and password, with what neither can hold between them. */
function queryText(url = ''): string | undefined {
  const found = findQueryCredentials(url);
  return found && `${found.name}&${found.password}`;
}
