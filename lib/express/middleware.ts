import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Authenticator } from '../authenticate/authenticator.js';
import type { KapacitorStrategy, StrategyActions } from '../authenticate/strategy.js';
import { parseCredentials } from '../credentials/parse.js';
import type { AuthenticationError } from '../errors.js';
import type { KapacitorUser } from '../privileges/user.js';
import { ADMIN_USER } from '../privileges/user.js';
import type { AnswerPolicy, Next, UserProperty, UserRequest } from './answer-policy.js';
import { keepPolicy, passUnknown, policyOfUser, refuseOrReport } from './answer-policy.js';

/** The users of requests, for a middleware that is mounted twice. */
const identified = new WeakMap<IncomingMessage, KapacitorUser>();

/** Takes the strategy's report. One per request: requests must never share it. */
class Attempt implements StrategyActions {
  readonly #policy: AnswerPolicy;
  readonly #request: UserRequest;
  readonly #response: ServerResponse;
  readonly #next: Next;

  constructor(policy: AnswerPolicy, request: UserRequest, response: ServerResponse, next: Next) {
    this.#policy = policy;
    this.#request = request;
    this.#response = response;
    this.#next = next;
  }

  success(user: KapacitorUser): void {
    this.#request[this.#policy.property] = user;
    identified.set(this.#request, user);
    this.#next();
  }

  fail(_challenge: string, _status: number, error: AuthenticationError): void {
    this.error(error);
  }

  error(error: unknown): void {
    const [policy, request] = [this.#policy, this.#request];
    if (policy.reportOnly !== undefined) {
      passUnknown(request, policy);
      request[policy.property] = undefined;
    }
    refuseOrReport(error, request, this.#response, this.#next, policy);
  }
}

/**
 * Lets in requests of known users, with `req.user` set, and answers all others.
 *
 * @param authenticator - recalls credentials that were verified before
 * @param strategy - judges all others
 */
export function authenticating(
  authenticator: Pick<Authenticator, 'recall'>,
  strategy: KapacitorStrategy,
  policy: AnswerPolicy,
): RequestHandler {
  const { property, optional } = policy;
  return keepPolicy(
    policy,
    function kapacitorAuthentication(request: UserRequest, response: ServerResponse, next: Next) {
      if (isPreflight(request)) {
        passUnknown(request, policy);
        next();
        return;
      }
      const user = authenticator.recall(request, presentUser(request, property));
      if (user === undefined && isIdentified(request, policy)) {
        next();
      } else if (user === undefined && optional && isWithoutCredentials(request)) {
        passUnknown(request, policy);
        next();
      } else if (user === undefined) {
        strategy.authenticate.call(new Attempt(policy, request, response, next), request);
      } else {
        request[property] = user;
        next();
      }
    },
  );
}

/** The user that the middleware, or passport, has given a request before. */
function presentUser(request: UserRequest, property: UserProperty): unknown {
  // A look for what a request lacks goes through all its prototypes: not twice for one property.
  switch (property) {
    case 'user':
      return request.user;
    case 'kapacitorUser':
      return request.kapacitorUser ?? request.user;
  }
}

function isWithoutCredentials(request: UserRequest): boolean {
  return parseCredentials(request).kind === 'missing';
}

/**
 * Returns true if a middleware of the same instance has identified the user of a request before.
 */
function isIdentified(request: UserRequest, policy: AnswerPolicy): boolean {
  const user = request[policy.property];
  return user !== undefined && identified.get(request) === user && policyOfUser(user) === policy;
}

/** Lets everyone in as the administrator: `http.auth-enabled = false`. */
export function admitting(policy: AnswerPolicy): RequestHandler {
  return keepPolicy(
    policy,
    function kapacitorAdmission(request: UserRequest, _response: ServerResponse, next: Next) {
      request[policy.property] = ADMIN_USER;
      next();
    },
  );
}

/**
 * Returns true for a CORS preflight (Fetch standard): a browser asks if it may send a request with
 * credentials. The preflight itself never carries credentials.
 */
export function isPreflight(request: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  // Reading a field of Express' request is slow on Node 20; the first condition settles most
  // requests.
  const { headers } = request;
  return (
    headers.authorization === undefined &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined &&
    request.method === 'OPTIONS'
  );
}
