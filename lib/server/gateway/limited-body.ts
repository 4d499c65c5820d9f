import type { IncomingMessage } from 'node:http';
import type { TransformCallback } from 'node:stream';
import { Transform } from 'node:stream';
import { InvalidRequestError } from '../../index.js';
import { announcesBody } from '../connection/unread-body.js';

/**
 * Returns the body of a request for the upstream. It fails once it is longer than allowed. It
 * stands between the two connections: if the upstream's ends, the client's stays open for the
 * answer.
 *
 * @param limit - bytes; 0 for no limit
 * @returns null if the request has no body
 * @throws InvalidRequestError (`ERR_KAUTH_BODY_TOO_LARGE`) if `Content-Length` is over the limit
 */
export function limitedBody(request: IncomingMessage, limit: number): LimitedBody | null {
  if (!announcesBody(request)) return null;
  const { 'content-length': length = '0' } = request.headers;
  if (limit > 0 && Number(length) > limit) throw tooLarge(limit);
  return request.pipe(new LimitedBody(limit));
}

/** Returns a body that is there already. */
export function wholeBody(bytes: Buffer): LimitedBody {
  const body = new LimitedBody(0);
  body.end(bytes);
  return body;
}

/** A stream of bytes that fails beyond a limit. */
export class LimitedBody extends Transform {
  readonly #limit: number;
  #length = 0;

  constructor(limit: number) {
    super();
    this.#limit = limit;
  }

  /** Bytes received so far. */
  get passed(): number {
    return this.#length;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#length += chunk.length;
    if (this.#limit > 0 && this.#length > this.#limit) done(tooLarge(this.#limit));
    else done(null, chunk);
  }
}

function tooLarge(limit: number): InvalidRequestError {
  return new InvalidRequestError(
    'ERR_KAUTH_BODY_TOO_LARGE',
    `the request is larger than ${String(limit)} bytes`,
  );
}
