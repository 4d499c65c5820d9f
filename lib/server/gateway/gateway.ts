import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { JudgePassing } from '../../for-server.js';
import type { KapacitorAuth, KapacitorUser, TaskChange } from '../../index.js';
import { answerJson, judgeApiRequest, judgeTaskChange } from '../../index.js';
import { logWhenOver, markLogged } from '../access-log.js';
import { answerFailure } from '../answer-failure.js';
import { gatewayPaths } from '../own-paths.js';
import { pathAsSent } from '../request-target.js';
import { ALLOW, SERVED_METHODS } from '../served-methods.js';
import { forwardedQuery } from './forwarded-query.js';
import { judgeHead } from './judge-head.js';
import { LastingExchanges } from './lasting-exchanges.js';
import type { PassingParts } from './pass-unrefused.js';
import { passUnrefused } from './pass-unrefused.js';
import { isSubscribePath, readSubscribePath } from './subscribe-path.js';
import { TaskBodies } from './task-body.js';
import type { Upstream } from './upstream.js';

/** Parts of a {@link gateway}. */
export interface GatewayParts {
  readonly auth: KapacitorAuth;
  /** Judges requests that pass all the same; undefined if refusals are made. */
  readonly judge: JudgePassing | undefined;
  readonly upstream: Upstream;
  /**
   * Answers requests that the gateway doesn't forward: users, whoami, health, metrics, and the
   * checks of other proxies.
   */
  readonly own: RequestListener;
  /** The path of the pages that `own` shows, if any. */
  readonly pages?: string | undefined;
  readonly logger: Logger;
}

/**
 * Methods that are forwarded. The gateway answers OPTIONS itself: it needs no privilege and reveals
 * nothing. TRACE would show the gateway's own credentials.
 */
const METHODS: ReadonlySet<string> = new Set(SERVED_METHODS);

type Request = IncomingMessage & { user?: KapacitorUser };

/**
 * Serves a gateway on `node:http`. It authenticates every request, judges it by Kapacitor's rules,
 * and forwards it by the very path that was judged.
 *
 * If refusals are only reported, it forwards requests as they came, and judges them meanwhile. It
 * refuses only what can be read in several ways, and what it alone guards: what it answers itself,
 * and the paths of subscriptions.
 */
export function gateway(parts: GatewayParts): RequestListener {
  const { auth, judge, own, logger } = parts;
  const isOwn = gatewayPaths(auth.config.metrics.endpoint !== 'off', parts.pages);
  const { readTasks: readsTasks } = auth.config.gateway;
  const tasks = new TaskBodies();
  const sorting = { ...parts, isOwn, readsTasks, tasks, lasting: new LastingExchanges(auth) };
  const unjudged = judge && { ...sorting, judge };
  return function serveGateway(request: Request, response: ServerResponse): void {
    const fail = (error: unknown): void => {
      answerFailure(error, request, response, { auth, logger });
    };
    const pass = (user: KapacitorUser): void => {
      request.user = user;
      forward(sorting, user, { request, response, fail });
    };
    try {
      const { method = '', url = '' } = request;
      if (isOwn(url)) {
        own(request, response);
        return;
      }
      logWhenOver(logger, request, response);
      if (!METHODS.has(method)) {
        answerMethod(method, response);
        return;
      }
      const isSubscription = isSubscribePath(url);
      if (isSubscription && !readSubscribePath(request)) {
        answerNotFound(response);
        return;
      }
      if (unjudged !== undefined && !isSubscription) {
        forwardUnjudged(unjudged, { request, response, fail });
        return;
      }
      const user = auth.authenticate(request);
      if (user instanceof Promise) user.then(pass).catch(fail);
      else pass(user);
    } catch (error) {
      fail(error);
    }
  };
}

interface Transaction {
  readonly request: Request;
  readonly response: ServerResponse;
  readonly fail: (error: unknown) => void;
}

interface Sorting extends GatewayParts {
  readonly isOwn: (path: string) => boolean;
  readonly lasting: LastingExchanges;
  /** True if ids in bodies are judged. */
  readonly readsTasks: boolean;
  readonly tasks: TaskBodies;
}

/** Forwards a request whatever its user may do, unless it is one of the gateway's own. */
function forwardUnjudged(
  sorting: Sorting & PassingParts,
  { request, response, fail }: Transaction,
): void {
  const { url = '' } = request;
  const path = pathAsSent(request);
  if (path !== url && sorting.isOwn(path)) {
    answerItself(sorting, request, response);
    return;
  }
  passUnrefused(sorting, { request, response, path, fail });
}

/** Answers a request whose path is one of the gateway's own in another spelling. */
function answerItself({ own }: Sorting, request: Request, response: ServerResponse): void {
  markLogged(response);
  own(request, response);
}

function forward(sorting: Sorting, user: KapacitorUser, transaction: Transaction): void {
  const { upstream, isOwn, readsTasks, lasting } = sorting;
  const { request, response, fail } = transaction;
  if (response.destroyed) return;
  const { method = '', url = '' } = request;
  const { change, path } = judgeHead(request, user, readsTasks);
  if (change !== undefined) {
    forwardTask(sorting, user, transaction, change).catch(fail);
    return;
  }
  if (path !== url && isOwn(path)) {
    answerItself(sorting, request, response);
    return;
  }
  const target = path + forwardedQuery(url);
  // A subscription, if the upstream judges clients by itself.
  const told = sorting.judge === undefined ? user : undefined;
  const exchange = upstream.forward({ request, response, fail, user: told, method, path, target });
  const judge = (one: KapacitorUser): unknown => judgeApiRequest(one, method, url);
  lasting.add({ exchange, request, response, judge });
}

/** Forwards a request that names a task in its body, by the very body that was judged. */
async function forwardTask(
  { upstream, tasks, lasting }: Sorting,
  user: KapacitorUser,
  { request, response, fail }: Transaction,
  change: TaskChange,
): Promise<void> {
  const { method = '', url = '' } = request;
  const { id, bytes } = await tasks.read(request, user.name);
  const judge = (one: KapacitorUser): string => judgeTaskChange(one, change, { target: url, id });
  const path = judge(user);
  if (response.destroyed) return;
  const target = path + forwardedQuery(url);
  const judged = { request, response, fail, user, method, path, target, bytes };
  lasting.add({ exchange: upstream.forward(judged), request, response, judge });
}

function answerNotFound(response: ServerResponse): void {
  answerJson(response, 404, { error: 'Not Found', message: 'Not Found' });
}

function answerMethod(method: string, response: ServerResponse): void {
  response.setHeader('Allow', ALLOW);
  if (method === 'OPTIONS') {
    response.statusCode = 204;
    response.end();
  } else {
    const text = 'Method Not Allowed';
    answerJson(response, 405, { error: text, message: text });
  }
}
