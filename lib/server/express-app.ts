import type { RequestListener } from 'node:http';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import express from 'express';
import type { Logger } from 'pino';
import type { AuditTrail, KapacitorAuth } from '../index.js';
import { adminPages, answerJson, authorizeApi, usersApi } from '../index.js';
import { accessLog } from './access-log.js';
import { protectAnswer } from './protect-answer.js';
import type { ShownPages } from './shown-pages.js';

/** Listeners of the part that Express answers. */
export interface ExpressAppListeners {
  readonly logger: Logger;
  /** The pages to manage users; none if left out. */
  readonly pages?: ShownPages | undefined;
  /** The last refusals and changes of all workers; if left out, of this process. */
  readonly audit?: Pick<AuditTrail, 'recent'> | undefined;
  /** Seals the sessions of the pages, if several workers share them. */
  readonly sessionKey?: string | undefined;
}

/** Builds the part of the app that Express answers. */
export function createExpressApp(
  auth: KapacitorAuth,
  { logger, pages, audit, sessionKey }: ExpressAppListeners,
): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.use(accessLog(logger), protectAnswers);
  // They have a login of their own.
  if (pages !== undefined) {
    const { basePath, origin } = pages;
    app.use(adminPages(auth, { basePath, origin, audit, sessionKey }));
  }
  app.use(auth, usersApi(auth), authorizeApi(), notFound);
  app.use(failed(logger));
  return app;
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
