import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Authenticator } from '../authenticate/authenticator.js';
import type { KapacitorStrategy, StrategyActions } from '../authenticate/strategy.js';
import type { AuthenticationError } from '../errors.js';
import { ADMIN_USER } from '../privileges/user.js';
import type { KapacitorUser } from '../privileges/user.js';
import { edgeOfUser, keepEdge, passUnknown, refuse } from './answer-policy.js';
import type { Edge, EdgeRequest, Next } from './answer-policy.js';

/** Whom requests were found to come from, for a middleware that is mounted twice. */
const identified = new WeakMap<IncomingMessage, KapacitorUser>();

/** What the strategy reports to: one a request, since a strategy's actions must never be shared. */
class Attempt implements StrategyActions {
  readonly #edge: Edge;
  readonly #request: EdgeRequest;
  readonly #response: ServerResponse;
  readonly #next: Next;

  constructor(edge: Edge, request: EdgeRequest, response: ServerResponse, next: Next) {
    this.#edge = edge;
    this.#request = request;
    this.#response = response;
    this.#next = next;
  }

  success(user: KapacitorUser): void {
    this.#request[this.#edge.property] = user;
    identified.set(this.#request, user);
    this.#next();
  }

  fail(_challenge: string, _status: number, error: AuthenticationError): void {
    if (this.#edge.optional && error.code === 'ERR_KAUTH_CREDENTIALS_MISSING') {
      passUnknown(this.#request, this.#edge);
      this.#next();
    } else {
      this.error(error);
    }
  }

  error(error: unknown): void {
    refuse(error, this.#request, this.#response, this.#next, this.#edge);
  }
}

/**
 * Lets in who is known, with `req.user` set; answers everyone else.
 *
 * @param authenticator - who recalls credentials that were verified before
 * @param strategy - who judges all others; it need not recall them again
 */
export function authenticating(
  authenticator: Pick<Authenticator, 'recall'>,
  strategy: KapacitorStrategy,
  edge: Edge,
): RequestHandler {
  const { property } = edge;
  return keepEdge(
    edge,
    function kapacitorAuthentication(request: EdgeRequest, response: ServerResponse, next: Next) {
      if (isPreflight(request)) {
        passUnknown(request, edge);
        next();
        return;
      }
      const user = authenticator.recall(request);
      if (user === undefined && isIdentified(request, edge)) {
        next();
      } else if (user === undefined) {
        strategy.authenticate.call(new Attempt(edge, request, response, next), request);
      } else {
        request[property] = user;
        next();
      }
    },
  );
}

/** Whether a middleware of the same instance found out before who sent a request. */
function isIdentified(request: EdgeRequest, edge: Edge): boolean {
  const user = request[edge.property];
  return user !== undefined && identified.get(request) === user && edgeOfUser(user) === edge;
}

/** Lets everyone in as the administrator: `http.auth-enabled = false`. */
export function admitting(edge: Edge): RequestHandler {
  return keepEdge(
    edge,
    function kapacitorAdmission(request: EdgeRequest, _response: ServerResponse, next: Next) {
      request[edge.property] = ADMIN_USER;
      next();
    },
  );
}

/**
 * Whether a browser asks, before it sends a request with credentials, if it may (the Fetch standard's CORS preflight). It
 * never carries credentials itself.
 */
export function isPreflight(request: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  // Reading a field of Express' request is dear on Node 20: most requests are told by the first.
  const { headers } = request;
  return (
    headers.authorization === undefined &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined &&
    request.method === 'OPTIONS'
  );
}
