import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { KapacitorAuth } from '../index.js';
import { answerError, answerJson, KapacitorAuthError } from '../index.js';
import { noteRefusal } from './access-log.js';

/** Listeners for a failure. */
export interface FailureListeners {
  readonly auth: KapacitorAuth;
  readonly logger: Logger;
}

/**
 * Answers a request that failed on `node:http`. The answer gives the reason if it is meant for
 * clients. Any other failure goes to the log, and the answer is a bare 500. If the answer has
 * already begun, the connection ends.
 */
export function answerFailure(
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  { auth, logger }: FailureListeners,
): void {
  if (error instanceof KapacitorAuthError) auth.reportRefusal(error, request);
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
