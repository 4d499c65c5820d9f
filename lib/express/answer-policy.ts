import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { ErrorHeaders } from '../errors.js';
import { AuthenticationError, KapacitorAuthError, MisuseError } from '../errors.js';
import { isRecord } from '../is-record.js';
import type { ReportedRequest } from '../observe/request-facts.js';
import type { KapacitorUser } from '../privileges/user.js';
import { ADMIN_USER } from '../privileges/user.js';
import { sharedMap } from '../shared-map.js';
import { answerError } from './answers.js';

/** Express' `next`. */
export type Next = (error?: unknown) => void;

/** Answers an error in the app's way, instead of Kapacitor's. */
export type OnError = (
  error: KapacitorAuthError,
  request: IncomingMessage,
  response: ServerResponse,
  next: Next,
) => void;

/**
 * The property of a request that holds its user: `user`, or a separate one if the app needs `user`
 * itself.
 */
export type UserProperty = 'user' | 'kapacitorUser';

/** The way in which an app wants its clients to be answered. */
export interface AnswerPolicy {
  /** The headers of a 401. */
  readonly headers: ErrorHeaders;
  /** True if a 401 asks for credentials, at which a browser opens its dialogue. */
  readonly challenge: boolean | ((request: IncomingMessage) => boolean);
  /** True if everybody is `ADMIN_USER`: `http.auth-enabled = false`. */
  readonly admitsAll: boolean;
  /** True if requests without credentials pass, without a user. */
  readonly optional: boolean;
  /** Called in place of `report` if requests that would be refused pass: `auth.enforce`. */
  readonly reportOnly: ((error: KapacitorAuthError, request: ReportedRequest) => void) | undefined;
  readonly onError: OnError | undefined;
  readonly property: UserProperty;
  /** Called with every refusal before it is answered. */
  readonly report: (error: KapacitorAuthError, request: ReportedRequest) => void;
}

/** A request with or without a resolved user. */
export type UserRequest = IncomingMessage &
  Partial<Record<UserProperty, KapacitorUser | undefined>>;

/** The policies of all instances: by user, by request without one, by middleware and its parts. */
const policies = sharedMap<AnswerPolicy>('edges.1');

/** Keeps the policy of an app with its middleware, for guards and other handlers. */
export function keepPolicy(policy: AnswerPolicy, middleware: RequestHandler): RequestHandler {
  policies.set(middleware, policy);
  if (policy.admitsAll) policies.set(ADMIN_USER, policy);
  // Guards look at `kapacitorUser` only if some instance keeps users there.
  if (policy.property !== 'user') policies.set(policies, policy);
  return middleware;
}

/** The policy of a middleware, even if the app wrapped it and gave the wrapper its properties. */
export function policyOf(middleware: object): AnswerPolicy | undefined {
  const config: unknown = 'config' in middleware ? middleware.config : undefined;
  return policies.get(middleware) ?? (isRecord(config) ? policies.get(config) : undefined);
}

/**
 * Marks a user as resolved by an instance, so that guards trust the user and find the policy; or
 * marks a part as the instance's.
 */
export function bindPolicy(thing: object, policy: AnswerPolicy): void {
  policies.set(thing, policy);
}

/** Lets a request pass without a user; guards will ask for credentials. */
export function passUnknown(request: UserRequest, policy: AnswerPolicy): void {
  policies.set(request, policy);
}

/** The first refusal of each request that passed all the same. */
const passed = sharedMap<KapacitorAuthError>('passed.1');

/** The properties of a request that may hold its user. */
type UserPlaces = Readonly<Partial<Record<UserProperty, unknown>>>;

/**
 * Returns true if a request has no user; some libraries write null for that.
 *
 * @param wanted - the instance whose user counts; any of this process when left out
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
 * @param wanted - the instance that must have resolved the user; any of this process when left
 *   out
 * @throws AuthenticationError if the request passed without a user; MisuseError if nothing
 *   authenticated the request, or if `req.user` is not a user that was resolved here
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
  const refusal = passed.get(request);
  if (refusal !== undefined) throw refusal;
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

/** The property in which the user of a request was found. */
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

/**
 * The policy of the instance that resolved a user; undefined for anything else, whatever it looks
 * like.
 */
export function policyOfUser(user: unknown): AnswerPolicy | undefined {
  return isRecord(user) ? policies.get(user) : undefined;
}

/** All instances that are switched off share one user. */
function isSame(policy: AnswerPolicy, wanted: AnswerPolicy): boolean {
  return policy === wanted || (policy.admitsAll && wanted.admitsAll);
}

/** Returns true if an error concerns a client, and not the app's own mistake. */
export function isRefusal(error: unknown): error is KapacitorAuthError {
  return error instanceof KapacitorAuthError && !(error instanceof MisuseError);
}

/**
 * As {@link refuse}; but if refusals are only reported, the request goes on, and counts once.
 * Middleware and guards refuse so; what manages users, or answers for others, never does.
 */
export function refuseOrReport(
  error: unknown,
  request: UserRequest,
  response: ServerResponse,
  next: Next,
  policy: AnswerPolicy | undefined = policyOfRequest(request),
): void {
  if (!isRefusal(error) || policy?.reportOnly === undefined) {
    refuse(error, request, response, next, policy);
    return;
  }
  if (!passed.has(request)) {
    passed.set(request, error);
    policy.reportOnly(error, request);
  }
  next();
}

function policyOfRequest(request: UserRequest): AnswerPolicy | undefined {
  return isWithoutUser(request) ? policies.get(request) : policyOfUser(userIn(request));
}

/**
 * Answers an error in the app's way, else in Kapacitor's shape. Errors that don't concern a client
 * go to `next`.
 */
export function refuse(
  error: unknown,
  request: UserRequest,
  response: ServerResponse,
  next: Next,
  policy: AnswerPolicy | undefined = policyOfRequest(request),
): void {
  if (!isRefusal(error)) {
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
