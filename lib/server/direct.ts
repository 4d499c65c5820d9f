import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { answerJson, judgeApiRequest } from '../index.js';
import type { KapacitorAuth, KapacitorUser } from '../index.js';
import { logWhenOver } from './access-log.js';
import { answerFailure } from './answer-failure.js';
import { PING, ping, protectAnswer, WHOAMI } from './app.js';

/** What a server is made of. */
export interface DirectParts {
  readonly auth: KapacitorAuth;
  readonly logger: Logger;
  /** Answers everything else. */
  readonly app: RequestListener;
}

type Request = IncomingMessage & { user?: KapacitorUser };
type Answer = (request: Request, response: ServerResponse, user: KapacitorUser) => void;

/** Exactly these targets: whatever is spelt otherwise, or asks for more, goes to the app. */
const ANSWERS: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  [
    PING,
    (request, response, user) => {
      judgeApiRequest(user, 'GET', PING);
      ping(request, response);
    },
  ],
  [
    WHOAMI,
    (_request, response, user) => {
      answerJson(response, 200, user);
    },
  ],
]);

/**
 * Answers what is asked most, and whatever else is sent there with a wrong password, as the app does but on `node:http`: Express'
 * setPrototypeOf costs Node 20 and 22 most of their throughput.
 */
export function direct({ auth, logger, app }: DirectParts): RequestListener {
  return function serveDirectly(request: Request, response: ServerResponse): void {
    const answer = request.method === 'GET' ? ANSWERS.get(request.url ?? '') : undefined;
    if (answer === undefined) {
      app(request, response);
      return;
    }
    const fail = (error: unknown): void => {
      answerFailure(error, request, response, { auth, logger });
    };
    const pass = (user: KapacitorUser): void => {
      request.user = user;
      answer(request, response, user);
    };
    try {
      logWhenOver(logger, request, response);
      protectAnswer(response);
      const user = auth.authenticate(request);
      if (user instanceof Promise) user.then(pass).catch(fail);
      else pass(user);
    } catch (error) {
      fail(error);
    }
  };
}
