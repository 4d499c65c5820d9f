import type { ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { answerError } from '../index.js';
import type { ErrorCode, OnError } from '../index.js';
import { loggableTarget } from './loggable-target.js';

const refusals = new WeakMap<ServerResponse, ErrorCode>();

/** Answers a refused request as usual, and keeps the reason for its line in the access log. */
export const answerAndNote: OnError = (error, _request, response) => {
  refusals.set(response, error.code);
  answerError(error, response);
};

/**
 * Logs one line a request once it is over: who asked from where for what, and the answer. Headers and bodies, where
 * credentials are, never get near the log.
 */
export function accessLog(logger: Logger): RequestHandler {
  return function logAccess(request, response, next) {
    const start = performance.now();
    const { ip, method, originalUrl } = request;
    response.once('close', () => {
      const line = {
        address: ip,
        user: request.user?.name,
        method,
        path: loggableTarget(originalUrl),
        status: response.headersSent ? response.statusCode : undefined,
        code: refusals.get(response),
        aborted: response.writableFinished ? undefined : true,
        ms: Math.round((performance.now() - start) * 10) / 10,
      };
      if (response.statusCode < 500) logger.info(line, 'request');
      else logger.error(line, 'request');
    });
    next();
  };
}
