import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { answerError, OverloadedError } from '../index.js';
import { logWhenOver } from './access-log.js';
import type { EnforcedAuth } from './health.js';
import { answerHealth } from './health.js';

/** Limit of requests that wait until users are ready. */
const MAX_WAITING = 1_000;

const HEALTH = /^\/health(?:[/?]|$)/i;

type Waiting = readonly [request: IncomingMessage, response: ServerResponse];

/**
 * Holds requests until users can be authenticated. Before the first administrator exists, even the
 * right password would be wrong. `/health` answers 503 meanwhile.
 */
export class StartGate {
  readonly #handler: RequestListener;
  readonly #auth: EnforcedAuth;
  readonly #logger: Logger;
  #waiting: Waiting[] | undefined = [];

  constructor(handler: RequestListener, auth: EnforcedAuth, logger: Logger) {
    this.#handler = handler;
    this.#auth = auth;
    this.#logger = logger;
  }

  readonly listener: RequestListener = (request, response) => {
    if (this.#waiting === undefined) this.#handler(request, response);
    else this.#wait(this.#waiting, [request, response]);
  };

  /** Lets through all requests that wait, and all later ones. */
  open(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const [request, response] of waiting) {
      if (!response.destroyed) this.#handler(request, response);
    }
  }

  #wait(waiting: Waiting[], [request, response]: Waiting): void {
    if (HEALTH.test(request.url ?? '')) {
      logWhenOver(this.#logger, request, response);
      answerHealth(response, false, this.#auth);
    } else if (waiting.length >= MAX_WAITING) {
      logWhenOver(this.#logger, request, response);
      answerError(new OverloadedError('the server is starting'), response);
    } else {
      waiting.push([request, response]);
    }
  }
}
