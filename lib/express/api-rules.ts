import type { Request, RequestHandler } from 'express';
import type { JudgeOptions } from '../privileges/api-decision.js';
import { isEndpointPath } from '../privileges/api-request.js';
import { judgeApiRequest } from '../privileges/judge.js';
import { parseRequestTarget } from '../privileges/request-path.js';
import { checkBasePath, withoutBase } from './base-path.js';
import { checkCalled, checkOptions } from './calling.js';
import { guard } from './guards.js';
import { isPreflight } from './middleware.js';

/** The place of Kapacitor's API in an app, and the way in which the app routes. */
export interface AuthorizeApiOptions extends JudgeOptions {
  /**
   * The path under which the app mounts Kapacitor's API, if that is not the root: `/svc` for
   * `/svc/kapacitor/v1/tasks`. Requests elsewhere are judged by their whole path.
   */
  readonly basePath?: string;
}

/**
 * Judges requests by Kapacitor's own rules for its API. The method decides which privilege is
 * needed, the path on which resource; a write also needs `write` on its database. Reads `req.user`,
 * so it comes after `kapacitorAuth()`.
 *
 * A request must be allowed by the path that the client sent and by the path that the app's routes
 * see, however routers are mounted and paths rewritten.
 *
 * @throws MisuseError for anything but these options, such as `auth`, and if `basePath` is not an
 *   absolute path
 *
 * @example
 * ```ts
 * app.use(kapacitorAuth(), authorizeApi());
 * app.get('/kapacitor/v1/tasks', handler); // needs "read" on /api/tasks
 * ```
 */
export function authorizeApi(given: AuthorizeApiOptions = {}): RequestHandler {
  checkCalled('authorizeApi()', [given]);
  checkOptions('authorizeApi() reads req.user: app.use(auth, authorizeApi())', given, OPTIONS);
  const { basePath = '', ...options } = given;
  checkBasePath(basePath);
  const judge = guard((user, request) => {
    for (const target of targets(request, basePath)) {
      judgeApiRequest(user, request.method, target, options);
    }
  });
  return function kapacitorApiRules(request, response, next) {
    if (isPreflight(request)) next();
    else judge(request, response, next);
  };
}

const OPTIONS: readonly (keyof AuthorizeApiOptions)[] = ['basePath', 'caseSensitive'];

/** All paths by which a router may have found the handler of this request. */
function targets(request: Request, basePath: string): ReadonlySet<string> {
  const { originalUrl, baseUrl, url } = request;
  const found = new Set([withoutBase(originalUrl, basePath)]);
  if (baseUrl + url !== originalUrl) found.add(withoutBase(baseUrl + url, basePath));
  // Below a mount point that basePath doesn't name, Kapacitor's paths mean the same as at the root.
  if (baseUrl !== '' && isEndpointPath(parseRequestTarget(url).segments)) found.add(url);
  return found;
}
