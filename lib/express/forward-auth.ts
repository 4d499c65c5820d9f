import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { RequestAuthenticator } from '../authenticate/strategy.js';
import type { AddressedRequest } from '../credentials/client-address.js';
import type { MaybePromise } from '../maybe-promise.js';
import { judgeApiRequest } from '../privileges/judge.js';
import type { KapacitorUser } from '../privileges/user.js';
import { isResolvedUser } from '../privileges/user.js';
import type { AnswerPolicy, Next } from './answer-policy.js';
import { policyOf, refuse } from './answer-policy.js';
import type { AuthorizeApiOptions } from './api-rules.js';
import { forwardedHost } from './asked-host.js';
import { AskedTargets } from './asked-targets.js';
import { checkBasePath } from './base-path.js';
import { checkOptions } from './calling.js';
import { judgeForgery } from './cross-site.js';
import type { ForwardedFields, ForwardedRequest } from './forwarded-request.js';
import { forwardedRequest } from './forwarded-request.js';
import { isPreflight } from './middleware.js';
import { refuseOther } from './own-policy.js';

/** The fields that the proxy sends, and the place of Kapacitor's API behind it. */
export interface ForwardAuthOptions extends AuthorizeApiOptions {
  /**
   * The fields that the proxy sets: `original` for `X-Original-URI` and `X-Original-Method`,
   * `forwarded` for `X-Forwarded-Uri` and `X-Forwarded-Method`. The other pair is then ignored.
   * When left out, either will do, and both if they agree.
   */
  readonly fields?: ForwardedFields | undefined;
}

/** The question of a proxy. Its `user` becomes the user of the request in question. */
type Question = IncomingMessage &
  Pick<AddressedRequest, 'ip'> & { user?: KapacitorUser | undefined };

/**
 * Answers a proxy that asks if a request may pass: nginx's `auth_request`, Traefik's `forwardAuth`,
 * Caddy's `forward_auth`. The request is authenticated by its own credentials and judged by
 * Kapacitor's rules.
 *
 * If it may pass, the answer is 200 with `X-Kapacitor-User` (percent-encoded; empty for a CORS
 * preflight) and `X-Kapacitor-Permissions` (a list, `all` for an administrator, else `none`).
 * Otherwise the answer is for the client: 401 with the challenge, 403, 400, 429 or 503.
 *
 * It trusts the proxy. So the proxy must set the fields itself, whatever the client sent, and pass
 * on the very target that it asked about.
 *
 * @param auth - the result of `kapacitorAuth()`
 * @returns a handler of Express, which `node:http` can call as well if it gives a `next`
 * @throws MisuseError if `auth` is something else, or if `basePath` is not an absolute path
 *
 * @example
 * ```ts
 * app.all('/auth', forwardAuth(auth));
 * ```
 */
export function forwardAuth(
  auth: RequestHandler & RequestAuthenticator,
  options: ForwardAuthOptions = {},
): (
  request: IncomingMessage & Pick<AddressedRequest, 'ip'> & { user?: KapacitorUser | undefined },
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void {
  checkAuthenticator(auth);
  checkOptions('forwardAuth(auth, options)', options, OPTIONS);
  const { basePath = '', fields, ...judging } = options;
  checkBasePath(basePath);
  const askedTargets = new AskedTargets(basePath);

  /** Returns the user who may pass; none for a preflight, which passes without a user. */
  function decide(request: Question, subject: Subject): MaybePromise<KapacitorUser | undefined> {
    const asked = forwardedRequest(request, fields);
    subject.method = asked.method;
    subject.url = asked.target;
    const targets = askedTargets.of(asked.target);
    if (isPreflight(subject)) return undefined;
    const judge = (user: KapacitorUser): KapacitorUser => {
      request.user = subject.user = subject.kapacitorUser = user;
      for (const target of targets) judgeApiRequest(user, asked.method, target, judging);
      judgeOrigin(request, asked);
      askedTargets.keep(asked.target, targets);
      return user;
    };
    const user = auth.authenticate(subject);
    return user instanceof Promise ? user.then(judge) : judge(user);
  }

  return function kapacitorForwardAuth(request: Question, response: ServerResponse, next: Next) {
    const pass = (user: KapacitorUser | undefined): void => {
      allow(response, user);
    };
    const subject = subjectOf(request);
    const fail = (error: unknown): void => {
      refuse(error, request, response, next, reportingOn(subject, policyOf(auth)));
    };
    begin(request, response);
    try {
      const user = decide(request, subject);
      if (user instanceof Promise) user.then(pass).catch(fail);
      else pass(user);
    } catch (error) {
      fail(error);
    }
  };
}

/** The request in question, as far as it is known, for reports. */
type Subject = Pick<Question, 'headers' | 'ip' | 'socket' | 'method' | 'url'> & {
  user: KapacitorUser | undefined;
  kapacitorUser: KapacitorUser | undefined;
};

function subjectOf({ headers, ip, socket, method, url }: Question): Subject {
  return { headers, ip, socket, method, url, user: undefined, kapacitorUser: undefined };
}

/**
 * Reports the request in question instead of the question: to events, the audit log and the counts.
 */
function reportingOn(subject: Subject, policy: AnswerPolicy | undefined): AnswerPolicy | undefined {
  if (policy === undefined) return undefined;
  return {
    ...policy,
    report: (error) => {
      policy.report(error, subject);
    },
  };
}

const OPTIONS: readonly (keyof ForwardAuthOptions)[] = ['basePath', 'caseSensitive', 'fields'];

/** An app may wrap the middleware; callers without types may give anything. @throws MisuseError */
function checkAuthenticator(auth: unknown): void {
  const isOurs =
    typeof auth === 'function' && 'authenticate' in auth && typeof auth.authenticate === 'function';
  if (isOurs) return;
  refuseOther('forwardAuth', "app.all('/auth', forwardAuth(auth))");
}

function begin(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Cache-Control', 'no-store');
  // A proxy may keep the client's length but drop the body. Its next question would then be read as
  // that body.
  if (announcesBody(request)) response.shouldKeepAlive = false;
}

function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * The proxy tells the host that the client asked in that field, else in `Host`. No page can make a
 * browser send the field.
 */
function judgeOrigin({ headers }: IncomingMessage, { method }: ForwardedRequest): void {
  judgeForgery({ method, headers }, () => forwardedHost(headers));
}

/**
 * Sets both fields even without a user: a proxy may take a field that is missing from the client.
 */
function allow(response: ServerResponse, user: KapacitorUser | undefined): void {
  const shown = (user && shownUsers.get(user)) ?? show(user);
  response.setHeader('X-Kapacitor-User', shown.name);
  response.setHeader('X-Kapacitor-Permissions', shown.permissions);
  response.statusCode = 200;
  response.end();
}

interface ShownUser {
  readonly name: string;
  readonly permissions: string;
}

/** A user as resolved never changes. */
const shownUsers = new WeakMap<KapacitorUser, ShownUser>();

function show(user: KapacitorUser | undefined): ShownUser {
  const shown = {
    name: encodeURIComponent(user?.name ?? ''),
    permissions: shownPermissions(user),
  };
  if (user !== undefined && isResolvedUser(user)) shownUsers.set(user, shown);
  return shown;
}

function shownPermissions(user: KapacitorUser | undefined): string {
  if (user === undefined || (!user.admin && user.permissions.length === 0)) return 'none';
  return user.admin ? 'all' : user.permissions.join(',');
}
