import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { AuthenticationError, KapacitorAuthError, MisuseError } from '../errors.js';
import type { ErrorHeaders } from '../errors.js';
import type { ReportedRequest } from '../observe/request-facts.js';
import type { KapacitorUser } from '../privileges/user.js';
import { answerError } from './answers.js';

/** Express' `next`. */
export type Next = (error?: unknown) => void;

/** Answers in an app's own way what would otherwise be answered in Kapacitor's. */
export type OnError = (
  error: KapacitorAuthError,
  request: IncomingMessage,
  response: ServerResponse,
  next: Next,
) => void;

/** How an app wants its clients to be answered. */
export interface Edge {
  /** The headers of a 401. */
  readonly headers: ErrorHeaders;
  /** Whether a 401 asks for credentials, at which a browser opens its dialogue. */
  readonly challenge: boolean | ((request: IncomingMessage) => boolean);
  /** Whether requests without any credentials pass, without a user. */
  readonly optional: boolean;
  readonly onError: OnError | undefined;
  /** Told of everything that is refused, before it is answered. */
  readonly report: (error: KapacitorAuthError, request: ReportedRequest) => void;
}

/** A request whose user was resolved, or was not. */
export type EdgeRequest = IncomingMessage & { user?: KapacitorUser | undefined };

/** Where guards find out how their app wants to answer: by the user, by the request that has none, or by the middleware. */
const edges = new WeakMap<KapacitorUser | IncomingMessage | RequestHandler, Edge>();

/** Keeps with a middleware how its app wants to answer, for what answers in its place. */
export function keepEdge(edge: Edge, middleware: RequestHandler): RequestHandler {
  edges.set(middleware, edge);
  return middleware;
}

/** How the app of a middleware wants to answer. */
export function edgeOf(middleware: RequestHandler): Edge | undefined {
  return edges.get(middleware);
}

/** Lets a request pass with its user. */
export function passAs(user: KapacitorUser, request: EdgeRequest, edge: Edge): void {
  request.user = user;
  bindUser(user, edge);
}

/** Lets guards find the edge of a user whom they will see without having passed {@link passAs}. */
export function bindUser(user: KapacitorUser, edge: Edge): void {
  if (edges.get(user) !== edge) edges.set(user, edge);
}

/** Lets a request pass without a user; guards will ask it for credentials. */
export function passUnknown(request: EdgeRequest, edge: Edge): void {
  edges.set(request, edge);
}

/**
 * The user of a request.
 *
 * @throws AuthenticationError when the request was let through without; MisuseError when nobody looked
 */
export function userOf(request: EdgeRequest): KapacitorUser {
  if (request.user !== undefined) return request.user;
  const edge = edges.get(request);
  if (edge === undefined) {
    throw new MisuseError(
      'a guard saw a request that was not authenticated: put app.use(kapacitorAuth()) before it',
    );
  }
  throw new AuthenticationError(
    'ERR_KAUTH_CREDENTIALS_MISSING',
    'unable to parse authentication credentials',
    { headers: edge.headers },
  );
}

/** Answers an error as the app wants it, else in Kapacitor's shape; what is no client's business goes to `next`. */
export function refuse(
  error: unknown,
  request: EdgeRequest,
  response: ServerResponse,
  next: Next,
  edge: Edge | undefined = edges.get(request.user ?? request),
): void {
  if (!(error instanceof KapacitorAuthError) || error instanceof MisuseError) {
    next(error);
    return;
  }
  edge?.report(error, request);
  if (edge?.onError !== undefined) {
    edge.onError(error, request, response, next);
  } else {
    const { challenge = true } = edge ?? {};
    answerError(error, response, {
      challenge: typeof challenge === 'function' ? challenge(request) : challenge,
    });
  }
}
