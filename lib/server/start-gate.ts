import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { OverloadedError } from '../index.js';
import { answerAndNote, logWhenOver, markLogged } from './access-log.js';
import type { EnforcedAuth } from './health.js';
import { answerHealth, isHealthQuestion } from './health.js';
import { protectAnswer } from './protect-answer.js';

/** Limit of requests that wait until users are ready. */
const MAX_WAITING = 1_000;

type Waiting = readonly [request: IncomingMessage, response: ServerResponse];

/**
 * Holds requests until users can be authenticated. Before the first administrator exists, even the
 * right password would be wrong. `/health` answers 503 meanwhile. A request that waits has its line
 * in the log even if its client leaves.
 */
export class StartGate {
  readonly #handler: RequestListener;
  readonly #auth: EnforcedAuth;
  readonly #logger: Logger;
  #waiting: Set<Waiting> | undefined = new Set();
  #isRefusing = false;

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

  /** Answers all requests that wait, and all later ones, that the server does not start. */
  refuse(): void {
    this.#isRefusing = true;
    const waiting = [...(this.#waiting ?? [])];
    this.#waiting?.clear();
    for (const turn of waiting) this.#refuse(turn, 'the server could not start');
  }

  #wait(waiting: Set<Waiting>, turn: Waiting): void {
    const [request, response] = turn;
    logWhenOver(this.#logger, request, response);
    markLogged(response);
    if (isHealthQuestion(request)) {
      protectAnswer(response);
      answerHealth(response, false, this.#auth);
    } else if (this.#isRefusing) {
      this.#refuse(turn, 'the server could not start');
    } else if (waiting.size >= MAX_WAITING) {
      this.#refuse(turn, 'the server is starting');
    } else {
      waiting.add(turn);
      response.once('close', () => waiting.delete(turn));
    }
  }

  #refuse([request, response]: Waiting, why: string): void {
    protectAnswer(response);
    if (this.#isRefusing) response.setHeader('Connection', 'close');
    answerAndNote(new OverloadedError(why), request, response, () => undefined);
  }
}
