import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { ErrorHeaders } from '../errors.js';
import { AuthenticationError, KapacitorAuthError, MisuseError } from '../errors.js';
import type { ReportedRequest } from '../observe/request-facts.js';
import type { KapacitorUser } from '../privileges/user.js';
import { ADMIN_USER } from '../privileges/user.js';
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
export interface AnswerPolicy {
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
export type UserRequest = IncomingMessage &
  Partial<Record<UserProperty, KapacitorUser | undefined>>;

/** By the user, by the request that has none, by the middleware and its parts. */
type Policies = WeakMap<object, AnswerPolicy>;

const POLICIES = Symbol.for('kapacitor-auth.edges.1');

/** Where guards find out how their app wants to answer. Bundlers and installs may load this code twice: there is one for all. */
const policies = knownPolicies();

function knownPolicies(): Policies {
  const known: unknown = Reflect.get(globalThis, POLICIES);
  if (isPolicies(known)) return known;
  const made: Policies = new WeakMap();
  Object.defineProperty(globalThis, POLICIES, { value: made });
  return made;
}

function isPolicies(value: unknown): value is Policies {
  return value instanceof WeakMap;
}

/** Keeps with a middleware how its app wants to answer, for what answers in its place. */
export function keepPolicy(policy: AnswerPolicy, middleware: RequestHandler): RequestHandler {
  policies.set(middleware, policy);
  if (policy.admitsAll) policies.set(ADMIN_USER, policy);
  // Guards look there only if any instance keeps users there.
  if (policy.property !== 'user') policies.set(policies, policy);
  return middleware;
}

/** How the app of a middleware wants to answer, also where the app wrapped it and gave the wrapper its properties. */
export function policyOf(middleware: object): AnswerPolicy | undefined {
  const config: unknown = 'config' in middleware ? middleware.config : undefined;
  return policies.get(middleware) ?? (isObject(config) ? policies.get(config) : undefined);
}

/** Marks a user as one that an instance resolved, so that guards believe it and find the policy; or a part as the instance's own. */
export function bindPolicy(thing: object, policy: AnswerPolicy): void {
  policies.set(thing, policy);
}

/** Lets a request pass without a user; guards will ask it for credentials. */
export function passUnknown(request: UserRequest, policy: AnswerPolicy): void {
  policies.set(request, policy);
}

/** What a request has where users are. */
type UserPlaces = Readonly<Partial<Record<UserProperty, unknown>>>;

/**
 * Whether nobody is named as the user of a request; some libraries write null for that.
 *
 * @param wanted - the instance that is asked; any of this process when left out
 */
export function isWithoutUser(request: UserPlaces & object, wanted?: AnswerPolicy): boolean {
  const user = userIn(request, wanted);
  return user === undefined || user === null;
}

function userIn<R extends UserPlaces & object>(request: R, wanted?: AnswerPolicy): R[UserProperty] {
  if (wanted !== undefined) return request[wanted.property];
  if (!policies.has(policies)) return request.user;
  const { kapacitorUser } = request;
  if (kapacitorUser !== undefined) return kapacitorUser;
  return policies.get(request)?.property === 'kapacitorUser' ? undefined : request.user;
}

/**
 * The user of a request.
 *
 * @param wanted - the instance that must have resolved it; any of this process when left out
 * @throws AuthenticationError when the request was let through without; MisuseError when nobody looked, or `req.user` is
 * something else than a user that was resolved here
 */
export function userOf(request: UserRequest, wanted?: AnswerPolicy): KapacitorUser {
  const user = userIn(request, wanted);
  if (user === undefined || isWithoutUser(request, wanted)) return refuseWithoutUser(request);
  const policy = policyOfUser(user);
  const property = propertyOf(request, wanted);
  if (policy === undefined) throw new MisuseError(foreignUser(property));
  if (wanted !== undefined && !isSame(policy, wanted))
    throw new MisuseError(otherInstance(property));
  return user;
}

function refuseWithoutUser(request: UserRequest): never {
  const policy = policies.get(request);
  if (policy === undefined) {
    throw new MisuseError(
      'a guard saw a request that was not authenticated: put app.use(kapacitorAuth()) before it',
    );
  }
  throw new AuthenticationError(
    'ERR_KAUTH_CREDENTIALS_MISSING',
    'unable to parse authentication credentials',
    { headers: policy.headers },
  );
}

/** Where the user of a request was found. */
function propertyOf(request: UserPlaces, wanted: AnswerPolicy | undefined): UserProperty {
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

/** The policy of the instance that resolved a user; undefined for everything else, whatever it looks like. */
export function policyOfUser(user: unknown): AnswerPolicy | undefined {
  return isObject(user) ? policies.get(user) : undefined;
}

/** Instances that are switched off have one user together. */
function isSame(policy: AnswerPolicy, wanted: AnswerPolicy): boolean {
  return policy === wanted || (policy.admitsAll && wanted.admitsAll);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Answers an error as the app wants it, else in Kapacitor's shape; what is no client's business goes to `next`. */
export function refuse(
  error: unknown,
  request: UserRequest,
  response: ServerResponse,
  next: Next,
  policy: AnswerPolicy | undefined = isWithoutUser(request)
    ? policies.get(request)
    : policyOfUser(userIn(request)),
): void {
  if (!(error instanceof KapacitorAuthError) || error instanceof MisuseError) {
    next(error);
    return;
  }
  policy?.report(error, request);
  if (policy?.onError !== undefined) {
    policy.onError(error, request, response, next);
  } else {
    const { challenge = true } = policy ?? {};
    answerError(error, response, {
      challenge: typeof challenge === 'function' ? challenge(request) : challenge,
    });
  }
}
