import type { RequestListener } from 'node:http';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import express from 'express';
import type { Logger } from 'pino';
import type { KapacitorAuth } from '../index.js';
import { answerJson, authorizeApi, usersApi } from '../index.js';
import { accessLog } from './access-log.js';
import type { LostLines } from './lost-lines.js';
import { ownAnswers } from './own-answers.js';
import { protectAnswer } from './protect-answer.js';

/** What an app reports to. */
export interface AppListeners {
  readonly logger: Logger;
  /** Counts the lines of logs that could not be written. */
  readonly lostLines: LostLines;
}

/**
 * What `kapacitor-auth serve` serves: the part of Kapacitor's API that is about users, and answers
 * to other proxies at `/auth`. Every path is judged by Kapacitor's rules, also those that nobody
 * serves here, so that a 404 tells nothing that the user may not know.
 */
export function createApp(
  auth: KapacitorAuth,
  { logger, lostLines }: AppListeners,
): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.use(accessLog(logger), protectAnswers);
  app.use(auth, authorizeApi(), usersApi(auth), notFound);
  app.use(failed(logger));
  return ownAnswers({ auth, logger, lostLines, others: app });
}

const protectAnswers: RequestHandler = (_request, response, next) => {
  protectAnswer(response);
  next();
};

const notFound: RequestHandler = (_request, response) => {
  answerJson(response, 404, { error: 'Not Found', message: 'Not Found' });
};

function failed(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    logger.error({ err: error }, 'a request failed unexpectedly');
    if (response.headersSent) next(error);
    else answerJson(response, 500, { error: INTERNAL, message: INTERNAL });
  };
}

const INTERNAL = 'internal server error';
