import type { PeerSocket } from '../credentials/client-address.js';
import type { RequestFacts } from './events.js';
import { shownMethod } from './shown-method.js';
import { shownPath } from './shown-path.js';

/** The part of a socket that identifies a client. */
export type ReportedSocket = PeerSocket;

/** The part of a request that is reported; requests of `node:http` and Express fit. */
export interface ReportedRequest {
  /** The client's address as Express sees it (`trust proxy`). */
  readonly ip?: string | undefined;
  /** Holds the client's address, if there is no `ip` of Express. */
  readonly socket?: ReportedSocket | undefined;
  /** The HTTP method. */
  readonly method?: string | undefined;
  /** The request target: path and query. */
  readonly url?: string | undefined;
  /** The request target as the client sent it, if a router has shortened `url`. */
  readonly originalUrl?: string | undefined;
  /** The user who sent the request, if known. */
  readonly user?: ReportedUser | undefined;
  /** The same, if the app keeps its own users in `user`. */
  readonly kapacitorUser?: ReportedUser | undefined;
}

/** The sender of a request, as far as it is reported. */
export interface ReportedUser {
  /** The user's name. */
  readonly name: string;
}

/** The facts about a request that any listener may know. */
export function requestFacts(request: ReportedRequest): RequestFacts {
  const { ip, socket, method, url, originalUrl = url } = request;
  return {
    address: ip ?? socket?.remoteAddress,
    method: shownMethod(method),
    path: originalUrl === undefined ? undefined : shownPath(originalUrl, false),
  };
}
