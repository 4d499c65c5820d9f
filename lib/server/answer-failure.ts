import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { answerError, answerJson, KapacitorAuthError } from '../index.js';
import { noteRefusal } from './access-log.js';

/** Answers a request that failed on `node:http`: why, where that is for clients, and without a word where it isn't. */
export function answerFailure(error: unknown, response: ServerResponse, logger: Logger): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
  } else if (error instanceof KapacitorAuthError) {
    noteRefusal(response, error);
    answerError(error, response);
  } else {
    logger.error({ err: error }, 'a request failed unexpectedly');
    const text = 'internal server error';
    answerJson(response, 500, { error: text, message: text });
  }
}
