import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { RequestAuthenticator } from '../authenticate/strategy.js';
import type { AddressedRequest } from '../credentials/client-address.js';
import { InvalidRequestError } from '../errors.js';
import type { MaybePromise } from '../maybe-promise.js';
import { isApiPath } from '../privileges/api-request.js';
import { judgeApiRequest } from '../privileges/judge.js';
import { formatPath, parseRequestTarget } from '../privileges/request-path.js';
import type { KapacitorUser } from '../privileges/user.js';
import type { AnswerPolicy, Next } from './answer-policy.js';
import { policyOf, refuse } from './answer-policy.js';
import type { AuthorizeApiOptions } from './api-rules.js';
import { forwardedHost } from './asked-host.js';
import { checkBasePath, withoutBase } from './base-path.js';
import { checkOptions } from './calling.js';
import { judgeForgery } from './cross-site.js';
import type { ForwardedFields, ForwardedRequest } from './forwarded-request.js';
import { forwardedRequest } from './forwarded-request.js';
import { isPreflight } from './middleware.js';
import { refuseOther } from './own-policy.js';

/** What the proxy sends, and where Kapacitor's API is behind it. */
export interface ForwardAuthOptions extends AuthorizeApiOptions {
  /**
   * Which fields the proxy sets: `original` for `X-Original-URI` and `X-Original-Method`, `forwarded` for `X-Forwarded-Uri` and
   * `X-Forwarded-Method`. The others then count for nothing. When left out, either will do, and both where they agree.
   */
  readonly fields?: ForwardedFields | undefined;
}

/** The question of a proxy, of which `user` becomes the user of the request that is asked about. */
type Question = IncomingMessage &
  Pick<AddressedRequest, 'ip'> & { user?: KapacitorUser | undefined };

/**
 * Answers a proxy that asks whether a request may pass: nginx's `auth_request`, Traefik's `forwardAuth`, Caddy's `forward_auth`. The
 * request is authenticated by its own credentials and judged by Kapacitor's rules.
 *
 * It may pass with 200, `X-Kapacitor-User` (percent-encoded; empty for a CORS preflight) and `X-Kapacitor-Permissions` (a list, `all`
 * for an administrator, else `none`). Else the answer is the client's: 401 with the challenge, 403, 400 or 503.
 *
 * It believes the proxy, so the proxy must set the fields itself, whatever the client sent, and pass on the very target that it
 * asked about.
 *
 * @param auth - what `kapacitorAuth()` returned
 * @returns a handler of Express, which `node:http` can call as well if it gives a `next`
 * @throws MisuseError when it is something else, or `basePath` is not an absolute path
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

  /** Who may pass: nobody in particular where a browser asks what it may send. */
  function decide(request: Question, subject: Subject): MaybePromise<KapacitorUser | undefined> {
    const asked = forwardedRequest(request, fields);
    subject.method = asked.method;
    subject.url = asked.target;
    const targets = readTargets(asked.target, basePath);
    if (isPreflight(subject)) return undefined;
    const judge = (user: KapacitorUser): KapacitorUser => {
      request.user = subject.user = subject.kapacitorUser = user;
      for (const target of targets) judgeApiRequest(user, asked.method, target, judging);
      judgeOrigin(request, asked);
      return user;
    };
    const user = auth.authenticate(subject);
    return user instanceof Promise ? user.then(judge) : judge(user);
  }

  return function kapacitorForwardAuth(request: Question, response: ServerResponse, next: Next) {
    const pass = (user: KapacitorUser | undefined): void => {
      allow(response, user);
    };
    const { headers, ip, socket, method, url } = request;
    const subject: Subject = { headers, ip, socket, method, url };
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

/** What is told of a question: the request that it is about, as far as that is known. */
type Subject = Pick<Question, 'headers' | 'ip' | 'socket' | 'method' | 'url'> & {
  user?: KapacitorUser;
  kapacitorUser?: KapacitorUser;
};

/** Tells of what was asked about, in place of the question: to events, the audit log and the counts. */
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

/** An app may wrap what authenticates; callers without types give anything. @throws MisuseError */
function checkAuthenticator(auth: unknown): void {
  const isOurs =
    typeof auth === 'function' && 'authenticate' in auth && typeof auth.authenticate === 'function';
  if (isOurs) return;
  refuseOther('forwardAuth', "app.all('/auth', forwardAuth(auth))");
}

/**
 * The targets by which a request is judged: what is below the base path, and Kapacitor's API also below a path that nobody told of.
 * What the proxy takes away, it takes from the decoded path; so the base path is looked for in that.
 *
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`)
 */
function readTargets(target: string, basePath: string): ReadonlySet<string> {
  // The upstream gets the target as it is, and there are servers that end a segment or a parameter here.
  if (target.includes(';')) {
    throw new InvalidRequestError(
      'ERR_KAUTH_AMBIGUOUS_PATH',
      'ambiguous path: it holds a semicolon, write %3B',
    );
  }
  const { segments, trailingSlash, query } = parseRequestTarget(target);
  const format = (from: number): string =>
    `${formatPath({ segments: segments.slice(from), trailingSlash, query })}?${query}`;
  const targets = new Set([withoutBase(format(0), basePath)]);
  const api = segments.findIndex((_, index) => isApiPath(segments.slice(index)));
  if (api > 0) targets.add(format(api));
  return targets;
}

function begin(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Cache-Control', 'no-store');
  // A proxy that leaves the client's length and takes away the body would have its next question
  // read as that body.
  if (announcesBody(request)) response.shouldKeepAlive = false;
}

function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** The host that the client asked is told by the proxy, if not in `Host`; no page can make a browser send that field. */
function judgeOrigin({ headers }: IncomingMessage, { method }: ForwardedRequest): void {
  judgeForgery({ method, headers }, forwardedHost(headers));
}

/** Both fields are there also for nobody: what an answer leaves out, a proxy may take from the client. */
function allow(response: ServerResponse, user: KapacitorUser | undefined): void {
  response.setHeader('X-Kapacitor-User', encodeURIComponent(user?.name ?? ''));
  response.setHeader('X-Kapacitor-Permissions', shownPermissions(user));
  response.statusCode = 200;
  response.end();
}

function shownPermissions(user: KapacitorUser | undefined): string {
  if (user === undefined || (!user.admin && user.permissions.length === 0)) return 'none';
  return user.admin ? 'all' : user.permissions.join(',');
}
