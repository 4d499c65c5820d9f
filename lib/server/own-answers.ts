import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { KapacitorAuth, KapacitorUser } from '../index.js';
import { AuthorizationError, forwardAuth, judgeApiRequest } from '../index.js';
import { logWhenOver } from './access-log.js';
import { answerFailure } from './answer-failure.js';
import { health } from './health.js';
import type { LostLines } from './lost-lines.js';
import { registerLostLines } from './lost-lines.js';
import { pathOf, PATHS, READING } from './own-paths.js';
import { protectAnswer } from './protect-answer.js';
import { VERSION } from './version.js';
import { answerWhoami } from './whoami.js';

/** Parts of {@link ownAnswers}. */
export interface OwnAnswersParts {
  readonly auth: KapacitorAuth;
  readonly logger: Logger;
  readonly lostLines: LostLines;
  /** Shows the metrics of all workers; if left out, this process is the only one. */
  readonly allMetrics?: (() => Promise<string>) | undefined;
  /** Answers everything else. */
  readonly others: RequestListener;
}

type Request = IncomingMessage & { user?: KapacitorUser };

/** Answers a request. It reports a failure by throwing, by rejecting or through `fail`. */
type Answer = (
  request: Request,
  response: ServerResponse,
  fail: (error: unknown) => void,
) => Promise<void> | void;

interface OwnPath {
  /** Any method if left out. Requests with other methods go to `others`. */
  readonly methods?: readonly string[];
  readonly answer: Answer;
}

/**
 * Answers the most frequent requests on `node:http`, and leaves the rest to `others`: Express'
 * setPrototypeOf costs Node 20 and 22 most of their throughput.
 */
export function ownAnswers(parts: OwnAnswersParts): RequestListener {
  const { auth, logger, others } = parts;
  const table = tableOf(parts);
  return function serveOwn(request: Request, response: ServerResponse): void {
    const { method = '', url = '' } = request;
    const own = table.get(url) ?? table.get(pathOf(url));
    if (own === undefined || own.methods?.includes(method) === false) {
      others(request, response);
      return;
    }
    const fail = (error: unknown): void => {
      answerFailure(error, request, response, { auth, logger });
    };
    try {
      logWhenOver(logger, request, response);
      protectAnswer(response);
      const answered = own.answer(request, response, fail);
      if (answered instanceof Promise) answered.catch(fail);
    } catch (error) {
      fail(error);
    }
  };
}

function tableOf({ auth, lostLines, allMetrics }: OwnAnswersParts): ReadonlyMap<string, OwnPath> {
  const { endpoint } = auth.config.metrics;
  const whoami = { methods: READING, answer: identified(auth, answerWhoami(auth)) };
  const table = new Map<string, OwnPath>([
    [PATHS.health, { methods: READING, answer: health(auth) }],
    [PATHS.auth, { answer: forwardAuth(auth) }],
    [PATHS.ping, { methods: READING, answer: identified(auth, ping) }],
    [PATHS.whoami, whoami],
    [PATHS.whoamiPreview, whoami],
  ]);
  const metrics = showMetrics(auth, lostLines, allMetrics);
  if (endpoint === 'open') table.set(PATHS.metrics, { methods: READING, answer: metrics });
  if (endpoint === 'admin') {
    const answer = identified(auth, (request, response, user) => {
      if (user.admin) return metrics(request, response);
      throw new AuthorizationError(
        'ERR_KAUTH_FORBIDDEN',
        `user ${user.name} is not an administrator`,
      );
    });
    table.set(PATHS.metrics, { methods: READING, answer });
  }
  return table;
}

/** Authenticates a request, then answers its user. */
function identified(
  auth: KapacitorAuth,
  answer: (request: Request, response: ServerResponse, user: KapacitorUser) => Promise<void> | void,
): Answer {
  return (request, response) => {
    const pass = (user: KapacitorUser): Promise<void> | void => {
      request.user = user;
      return answer(request, response, user);
    };
    const user = auth.authenticate(request);
    return user instanceof Promise ? user.then(pass) : pass(user);
  };
}

function ping(
  { method = '', url = '' }: Request,
  response: ServerResponse,
  user: KapacitorUser,
): void {
  judgeApiRequest(user, method, url);
  response.setHeader('X-Kapacitor-Version', VERSION);
  response.statusCode = 204;
  response.end();
}

/** Shows the metrics to Prometheus. */
function showMetrics(
  auth: KapacitorAuth,
  lostLines: LostLines,
  allMetrics: OwnAnswersParts['allMetrics'],
): (request: Request, response: ServerResponse) => Promise<void> {
  return async (_request, response) => {
    const { metrics: registry } = auth;
    registerLostLines(registry, lostLines);
    const text = await (allMetrics?.() ?? registry.metrics());
    response.setHeader('Content-Type', registry.contentType);
    response.end(text);
  };
}
