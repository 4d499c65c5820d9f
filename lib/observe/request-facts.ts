import type { RequestFacts } from './events.js';
import { hideSecrets } from './hidden-secrets.js';
import { hideSubscriptionToken } from './hidden-token.js';

/** The part of a socket that a client is known by. */
export interface ReportedSocket {
  /** The client's IP address. */
  readonly remoteAddress?: string | undefined;
}

/** What of a request is told; `node:http`'s and Express' requests fit. */
export interface ReportedRequest {
  /** The client's address as Express sees it (`trust proxy`). */
  readonly ip?: string | undefined;
  /** Where the client's address is read where Express doesn't tell it. */
  readonly socket?: ReportedSocket | undefined;
  /** The HTTP method. */
  readonly method?: string | undefined;
  /** The request target: path and query. */
  readonly url?: string | undefined;
  /** The same as the client sent it, where a router has shortened `url`. */
  readonly originalUrl?: string | undefined;
  /** Who sent it, where that is known. */
  readonly user?: ReportedUser | undefined;
  /** The same where the app keeps users of its own in `user`. */
  readonly kapacitorUser?: ReportedUser | undefined;
}

/** Who sent a request, as far as that is told. */
export interface ReportedUser {
  /** The user's name. */
  readonly name: string;
}

/** What of a request may be told to anybody who listens. */
export function requestFacts(request: ReportedRequest): RequestFacts {
  const { ip, socket, method, url, originalUrl = url } = request;
  return {
    address: ip ?? socket?.remoteAddress,
    method,
    path: originalUrl === undefined ? undefined : pathOf(originalUrl),
  };
}

/**
 * The path of a request target without what may hold credentials: the query, also where a client misspelled its
 * beginning, and the user and password of an absolute target.
 */
function pathOf(target: string): string {
  const end = target.search(/[?&;#]|$/);
  const path = target.slice(0, end).replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '') || '/';
  return hideSubscriptionToken(hideSecrets(path));
}
