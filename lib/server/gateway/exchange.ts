import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Transform } from 'node:stream';
import type { Dispatcher } from 'undici';
import { KapacitorAuthError, UpstreamError } from '../../index.js';
import { isField, responseHeaders } from './response-headers.js';

type Controller = Dispatcher.DispatchController;

/** What an exchange is about. */
export interface ExchangeParts {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The request's body on its way to the upstream. */
  readonly body: Transform | null;
  /** Answers when there is no answer of the upstream to pass on. */
  readonly fail: (error: KapacitorAuthError) => void;
}

/** Passes the upstream's answer to the client as it comes, no faster than the client takes it. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #parts: ExchangeParts;
  #controller: Controller | undefined;
  #isOver = false;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
    parts.response.on('close', () => {
      this.#clientGone();
    });
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#parts.response.destroyed) this.#clientGone();
  }

  onResponseStart(controller: Controller, status: number): void {
    if (status < 200) return;
    if (status === 401) throw new UpstreamError('ERR_KAUTH_UPSTREAM_FAILED', REFUSED);
    const { rawHeaders } = controller;
    if (!Array.isArray(rawHeaders)) throw new TypeError('undici tells headers as a list');
    const { response } = this.#parts;
    const fields = responseHeaders(rawHeaders);
    // Without the upstream's phrase, which may hold what no status line can.
    response.writeHead(status, fields);
    // An answer without a length may be one that never ends, and its beginning must not wait for its next part. Node's
    // flushHeaders() would write the fields as UTF-8.
    if (!fields.some(isLength)) response.write(NOTHING);
    // Its length is that of a body which is not sent; undici takes that for a fault.
    else if (status === NOT_MODIFIED) this.onResponseEnd();
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    const { response } = this.#parts;
    if (response.write(chunk)) return;
    controller.pause();
    response.once('drain', () => {
      controller.resume();
    });
  }

  onResponseEnd(): void {
    this.#isOver = true;
    this.#parts.response.end();
    this.#discardBody();
  }

  onResponseError(_controller: Controller | undefined, error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { response, fail } = this.#parts;
    if (response.headersSent) response.destroy();
    else fail(error instanceof KapacitorAuthError ? error : upstreamError(error));
    this.#discardBody();
  }

  #clientGone(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#controller?.abort(new Error('the client is gone'));
    this.#discardBody();
  }

  /** Reads what the client still sends: only then it reads its answer. */
  #discardBody(): void {
    const { request, body } = this.#parts;
    if (body === null || request.complete) return;
    request.unpipe(body);
    request.resume();
    body.destroy();
  }
}

const NOT_MODIFIED = 304;

const NOTHING = Buffer.alloc(0);

function isLength(field: string, index: number): boolean {
  return index % 2 === 0 && isField(field, 'content-length');
}

const REFUSED =
  "the upstream refused the gateway's credentials: see upstream-username in [gateway]";

const LATE: ReadonlySet<unknown> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT']);

/** What clients are told; the reason is for the log. */
function upstreamError(cause: Error & { readonly code?: unknown }): UpstreamError {
  return LATE.has(cause.code)
    ? new UpstreamError('ERR_KAUTH_UPSTREAM_TIMEOUT', 'the upstream did not answer in time', {
        cause,
      })
    : new UpstreamError('ERR_KAUTH_UPSTREAM_FAILED', 'the upstream is unavailable', { cause });
}
