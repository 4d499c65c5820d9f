import type { IncomingMessage, ServerResponse } from 'node:http';
import express from 'express';
import type { ErrorRequestHandler, Express, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { answerJson, authorizeApi, forwardAuth, requireAdmin, usersApi } from '../index.js';
import type { KapacitorAuth } from '../index.js';
import { accessLog, noteAsked } from './access-log.js';
import { health } from './health.js';
import { registerLostLines } from './lost-lines.js';
import type { LostLines } from './lost-lines.js';
import { VERSION } from './version.js';
import { whoami } from './whoami.js';

export const PING = '/kapacitor/v1/ping';
export const WHOAMI = '/kapacitor/v1/whoami';

/**
 * What `kapacitor-auth serve` serves: the part of Kapacitor's API that is about users, and answers to other proxies at `/auth`.
 * Every path is judged by Kapacitor's rules, also those that nobody serves here, so that a 404 tells nothing that the user may not know.
 */
export function createApp(
  auth: KapacitorAuth,
  { logger, lostLines }: { readonly logger: Logger; readonly lostLines: LostLines },
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(accessLog(logger), protectAnswers);
  app.get('/health', health(auth));
  app.all('/auth', noteAsked, forwardAuth(auth));
  const { endpoint } = auth.config.metrics;
  if (endpoint === 'open') app.get('/metrics', metrics(auth, lostLines));
  app.use(auth);
  if (endpoint === 'admin') app.get('/metrics', requireAdmin(), metrics(auth, lostLines));
  // Who one is may be asked without any permission.
  app.get(WHOAMI, whoami(auth));
  app.use(authorizeApi());
  app.get(PING, ping);
  app.use(usersApi(auth));
  app.use(notFound);
  app.use(failed(logger));
  return app;
}

const protectAnswers: RequestHandler = (_request, response, next) => {
  protectAnswer(response);
  next();
};

/** Answers differ by user and hold nothing to be rendered. */
export function protectAnswer(response: ServerResponse): void {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
}

/** What Prometheus reads. */
function metrics(auth: KapacitorAuth, lostLines: LostLines): RequestHandler {
  return (_request, response, next) => {
    const { metrics: registry } = auth;
    registerLostLines(registry, lostLines);
    registry
      .metrics()
      .then((text) => {
        response.setHeader('Content-Type', registry.contentType);
        response.end(text);
      })
      .catch(next);
  };
}

/** Answers Kapacitor's ping. */
export function ping(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('X-Kapacitor-Version', VERSION);
  response.statusCode = 204;
  response.end();
}

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
