import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { KapacitorAuthError, UpstreamError } from '../../index.js';
import { cutOff } from '../connection/cut-off.js';
import { AnswerDeadline } from './answer-timeout.js';
import type { LimitedBody } from './limited-body.js';
import { isField, responseHeaders } from './response-headers.js';
import { upstreamRefusal } from './upstream-refusal.js';

type Controller = Dispatcher.DispatchController;

/** Parts of an {@link Exchange}. */
export interface ExchangeParts {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Null if the request has no body. */
  readonly body: LimitedBody | null;
  /** Milliseconds that the upstream may be silent once it has the body; 0 for no limit. */
  readonly timeout: number;
  /** True if the request writes points. */
  readonly isWrite: boolean;
  /** True if the gateway has an account at the upstream. */
  readonly hasAccount: boolean;
  /** True if the upstream judges clients by itself: its refusals are for them. */
  readonly judges: boolean;
  /** Answers the client if the upstream gives no answer to pass on. */
  readonly fail: (error: KapacitorAuthError) => void;
}

/** Passes the upstream's answer to the client as it comes, no faster than the client takes it. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #parts: ExchangeParts;
  #controller: Controller | undefined;
  readonly #deadline: AnswerDeadline | undefined;
  #isOver = false;
  #over: (() => void) | undefined;
  /** Bytes of the answer's body; undefined if the upstream doesn't tell. */
  #length: number | undefined;
  /** The body of a short answer that came in one piece. */
  #whole: Buffer | undefined;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
    const { body, timeout } = parts;
    if (body !== null && timeout > 0) {
      this.#deadline = new AnswerDeadline(body, timeout, () => {
        this.#controller?.abort(new UpstreamError('ERR_KAUTH_UPSTREAM_TIMEOUT', LATE_TEXT));
      });
    }
    parts.response.on('close', () => {
      this.#clientGone();
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Calls a listener once the exchange is over. */
  whenOver(listener: () => void): void {
    if (this.#isOver) listener();
    else this.#over = listener;
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#parts.response.destroyed) this.#clientGone();
    if (this.#isOver) controller.abort(new Error(GONE));
  }

  onResponseStart(controller: Controller, status: number): void {
    if (status < 200) return;
    this.#deadline?.stop();
    const { rawHeaders } = controller;
    if (!Array.isArray(rawHeaders)) throw new TypeError('undici tells headers as a list');
    const { response, judges } = this.#parts;
    const sent = responseHeaders(rawHeaders, judges);
    const fields = status === NO_CONTENT ? withoutLength(sent) : sent;
    const isRefused = REFUSALS.has(status) && !judges;
    const refusal = isRefused && upstreamRefusal({ ...this.#parts, status, fields });
    if (refusal) throw refusal;
    writeHead(response, status, fields);
    this.#length = lengthIn(sent);
    // An answer without a length may never end, so its head must not wait for its first part.
    // Node's flushHeaders() would write the fields as UTF-8.
    if (this.#length === undefined) response.write(NOTHING);
    // The length is that of a body that is not sent; undici would report an error.
    else if (status === NO_CONTENT || status === NOT_MODIFIED) this.onResponseEnd();
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    const { response } = this.#parts;
    // Its end is known in the same moment.
    if (chunk.length === this.#length && chunk.length <= SHORT) {
      this.#whole = chunk;
      return;
    }
    if (response.write(chunk)) return;
    controller.pause();
    response.once('drain', () => {
      controller.resume();
    });
  }

  onResponseEnd(): void {
    this.#end();
    const { response } = this.#parts;
    if (this.#whole !== undefined) writeAtOnce(response, this.#whole);
    response.end();
    this.#discardBody();
  }

  onResponseError(_controller: Controller | undefined, error: Error): void {
    if (this.#isOver) return;
    this.#end();
    const { response, fail } = this.#parts;
    if (response.headersSent) cutOff(response);
    else fail(error instanceof KapacitorAuthError ? error : upstreamError(error));
    this.#discardBody();
  }

  #clientGone(): void {
    if (this.#isOver) return;
    this.#end();
    this.#controller?.abort(new Error(GONE));
    this.#discardBody();
  }

  /**
   * Breaks the exchange off. An answer that has begun ends without its end, so that the client does
   * not take it for whole.
   *
   * @param refuse - answers the client if no answer has begun
   */
  breakOff(refuse: () => void): void {
    if (this.#isOver) return;
    this.#end();
    this.#controller?.abort(new Error(GONE));
    const { response } = this.#parts;
    if (response.headersSent) cutOff(response);
    else refuse();
    this.#discardBody();
  }

  #end(): void {
    this.#isOver = true;
    this.#deadline?.stop();
    this.#over?.();
  }

  /** Reads and drops the rest of the body: the client may read its answer only after that. */
  #discardBody(): void {
    const { request, body } = this.#parts;
    if (body === null || request.complete) return;
    request.unpipe(body);
    request.resume();
    body.destroy();
  }
}

/** Leaves out the upstream's reason phrase, which may hold characters that a status line can't. */
function writeHead(response: ServerResponse, status: number, fields: string[]): void {
  if (response.getHeaderNames().length === 0) {
    response.writeHead(status, fields);
    return;
  }
  // Next to fields that are already set, Node would keep only the last of several of one name.
  for (let index = 0; index < fields.length; index += 2) {
    response.appendHeader(fields[index] ?? '', fields[index + 1] ?? '');
  }
  response.writeHead(status);
}

const GONE = 'the client is gone';

const NO_CONTENT = 204;

const NOT_MODIFIED = 304;

const NOTHING = Buffer.alloc(0);

/** Bytes up to which a body is copied into one text with its head. */
const SHORT = 8_192;

/** Statuses by which an upstream can refuse the gateway itself. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403]);

/**
 * Writes the head of a response and its whole body as one text. Node would write two pieces
 * otherwise, which costs it half as much again as all the rest of an answer.
 */
function writeAtOnce(response: ServerResponse, body: Buffer): void {
  response.cork();
  response.write(body.toString('latin1'), 'latin1');
  response.uncork();
}

/** @param fields - names and values in turn */
function lengthIn(fields: readonly string[]): number | undefined {
  for (let index = 0; index < fields.length; index += 2) {
    if (isField(fields[index] ?? '', LENGTH)) return Number(fields[index + 1]);
  }
  return undefined;
}

/** Drops the length, which a 204 must not state (RFC 9110, section 8.6). */
function withoutLength(fields: readonly string[]): string[] {
  return fields.filter((_field, index) => !isField(fields[index - (index % 2)] ?? '', LENGTH));
}

const LENGTH = 'content-length';

const LATE_TEXT = 'the upstream did not answer in time';

const LATE: ReadonlySet<unknown> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT']);

/** Returns the error for clients. Its cause is for the log. */
function upstreamError(cause: Error & { readonly code?: unknown }): UpstreamError {
  return LATE.has(cause.code)
    ? new UpstreamError('ERR_KAUTH_UPSTREAM_TIMEOUT', LATE_TEXT, {
        cause,
      })
    : new UpstreamError('ERR_KAUTH_UPSTREAM_FAILED', 'the upstream is unavailable', { cause });
}
