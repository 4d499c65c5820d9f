import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { AuthenticationError, KapacitorAuthError, MisuseError } from '../errors.js';
import type { ErrorHeaders } from '../errors.js';
import type { ReportedRequest } from '../observe/request-facts.js';
import { ADMIN_USER } from '../privileges/user.js';
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

/** Where on a request its user is: `user`, or apart from what the app keeps there itself. */
export type UserProperty = 'user' | 'kapacitorUser';

/** How an app wants its clients to be answered. */
export interface Edge {
  /** The headers of a 401. */
  readonly headers: ErrorHeaders;
  /** Whether a 401 asks for credentials, at which a browser opens its dialogue. */
  readonly challenge: boolean | ((request: IncomingMessage) => boolean);
  /** Whether everybody is `ADMIN_USER`: `http.auth-enabled = false`. */
  readonly admitsAll: boolean;
  /** Whether requests without any credentials pass, without a user. */
  readonly optional: boolean;
  readonly onError: OnError | undefined;
  /** Where on a request its user is. */
  readonly property: UserProperty;
  /** Told of everything that is refused, before it is answered. */
  readonly report: (error: KapacitorAuthError, request: ReportedRequest) => void;
}

/** A request whose user was resolved, or was not. */
export type EdgeRequest = IncomingMessage &
  Partial<Record<UserProperty, KapacitorUser | undefined>>;

/** By the user, by the request that has none, by the middleware and its parts. */
type Edges = WeakMap<object, Edge>;

const EDGES = Symbol.for('kapacitor-auth.edges.1');

/** Where guards find out how their app wants to answer. Bundlers and installs may load this code twice: there is one for all. */
const edges = knownEdges();

function knownEdges(): Edges {
  const known: unknown = Reflect.get(globalThis, EDGES);
  if (isEdges(known)) return known;
  const made: Edges = new WeakMap();
  Object.defineProperty(globalThis, EDGES, { value: made });
  return made;
}

function isEdges(value: unknown): value is Edges {
  return value instanceof WeakMap;
}

/** Keeps with a middleware how its app wants to answer, for what answers in its place. */
export function keepEdge(edge: Edge, middleware: RequestHandler): RequestHandler {
  edges.set(middleware, edge);
  if (edge.admitsAll) edges.set(ADMIN_USER, edge);
  // Guards look there only if any instance keeps users there.
  if (edge.property !== 'user') edges.set(edges, edge);
  return middleware;
}

/** How the app of a middleware wants to answer, also where the app wrapped it and gave the wrapper its properties. */
export function edgeOf(middleware: object): Edge | undefined {
  const config: unknown = 'config' in middleware ? middleware.config : undefined;
  return edges.get(middleware) ?? (isObject(config) ? edges.get(config) : undefined);
}

/** Marks a user as one that an instance resolved, so that guards believe it and find the edge; or a part as the instance's own. */
export function bind(thing: object, edge: Edge): void {
  edges.set(thing, edge);
}

/** Lets a request pass without a user; guards will ask it for credentials. */
export function passUnknown(request: EdgeRequest, edge: Edge): void {
  edges.set(request, edge);
}

/** What a request has where users are. */
type UserPlaces = Readonly<Partial<Record<UserProperty, unknown>>>;

/**
 * Whether nobody is named as the user of a request; some libraries write null for that.
 *
 * @param wanted - the instance that is asked; any of this process when left out
 */
export function isWithoutUser(request: UserPlaces & object, wanted?: Edge): boolean {
  const user = userIn(request, wanted);
  return user === undefined || user === null;
}

function userIn<R extends UserPlaces & object>(request: R, wanted?: Edge): R[UserProperty] {
  if (wanted !== undefined) return request[wanted.property];
  if (!edges.has(edges)) return request.user;
  const { kapacitorUser } = request;
  if (kapacitorUser !== undefined) return kapacitorUser;
  return edges.get(request)?.property === 'kapacitorUser' ? undefined : request.user;
}

/**
 * The user of a request.
 *
 * @param wanted - the instance that must have resolved it; any of this process when left out
 * @throws AuthenticationError when the request was let through without; MisuseError when nobody looked, or `req.user` is
 * something else than a user that was resolved here
 */
export function userOf(request: EdgeRequest, wanted?: Edge): KapacitorUser {
  const user = userIn(request, wanted);
  if (user === undefined || isWithoutUser(request, wanted)) return refuseWithoutUser(request);
  const edge = edgeOfUser(user);
  const property = propertyOf(request, wanted);
  if (edge === undefined) throw new MisuseError(foreignUser(property));
  if (wanted !== undefined && !isSame(edge, wanted)) throw new MisuseError(otherInstance(property));
  return user;
}

function refuseWithoutUser(request: EdgeRequest): never {
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

/** Where the user of a request was found. */
function propertyOf(request: UserPlaces, wanted: Edge | undefined): UserProperty {
  if (wanted !== undefined) return wanted.property;
  return request.kapacitorUser === undefined ? 'user' : 'kapacitorUser';
}

function foreignUser(property: UserProperty): string {
  return (
    `req.${property} was not resolved by kapacitorAuth(): a copy, or an object of your own, says nothing of what a user may do. ` +
    `Keep the name, and set req.${property} = await auth.find(name)`
  );
}

function otherInstance(property: UserProperty): string {
  return (
    `req.${property} was resolved by another kapacitorAuth() than the one whose users are managed here: ` +
    `set req.${property} = await auth.find(name) by this one, or leave it to this one to authenticate`
  );
}

/** The edge of the instance that resolved a user; undefined for everything else, whatever it looks like. */
export function edgeOfUser(user: unknown): Edge | undefined {
  return isObject(user) ? edges.get(user) : undefined;
}

/** Instances that are switched off have one user together. */
function isSame(edge: Edge, wanted: Edge): boolean {
  return edge === wanted || (edge.admitsAll && wanted.admitsAll);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Answers an error as the app wants it, else in Kapacitor's shape; what is no client's business goes to `next`. */
export function refuse(
  error: unknown,
  request: EdgeRequest,
  response: ServerResponse,
  next: Next,
  edge: Edge | undefined = isWithoutUser(request)
    ? edges.get(request)
    : edgeOfUser(userIn(request)),
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
