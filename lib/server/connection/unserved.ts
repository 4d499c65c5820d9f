import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { ALLOW } from '../served-methods.js';
import type { Turns } from './turns.js';
import type { Unreadable } from './unreadable.js';

type Tell = ((told: Unreadable, socket: Duplex) => void) | undefined;

/**
 * Answers requests for a tunnel (`CONNECT`, RFC 9110, section 9.3.6), which Node would break off
 * and tell nobody of. Answers come in the order of their requests. A request that comes after an
 * answer that ends the connection gets none, and is not told.
 */
export function answerTunnels(
  server: Server,
  turns: Pick<Turns, 'isBusy' | 'pending'>,
  tell: Tell,
): void {
  server.on('connect', (request, socket) => {
    socket.on('error', () => undefined);
    // Node no longer tells the answers before this one that the client has read on.
    socket.on('drain', () => {
      const before = turns.pending(socket);
      if (before?.socket === socket && before.writableNeedDrain) before.emit('drain');
    });
    const answer = (): void => {
      if (turns.isBusy(socket)) {
        const before = turns.pending(socket);
        if (before === undefined) setImmediate(answer);
        else before.once('close', () => setImmediate(answer));
      } else if (socket.writable) {
        socket.end(NO_TUNNEL, () => socket.destroy());
        tell?.(entryOf(request, 405), socket);
      }
    };
    answer();
  });
}

const NO_TUNNEL = [
  `HTTP/1.1 405 ${STATUS_CODES[405] ?? ''}`,
  `Allow: ${ALLOW}`,
  'Content-Length: 0',
  'Connection: close',
  '\r\n',
].join('\r\n');

/**
 * Answers a request with an expectation that nothing meets (RFC 9110, section 10.1.1).
 *
 * @returns false if it has none
 */
export function answerExpectation(
  request: IncomingMessage,
  response: ServerResponse,
  tell: Tell,
): boolean {
  const { expect } = request.headers;
  if (expect === undefined || /(?:^|\W)100-continue(?:$|\W)/i.test(expect)) return false;
  end(response, 417);
  tell?.(entryOf(request, 417), request.socket);
  return true;
}

/**
 * Answers a request without `Host`, which HTTP/1.1 demands (RFC 9112, section 3.2). Node would do
 * so itself, and tell nobody.
 *
 * @returns false if the request needs none, or has one
 */
export function answerWithoutHost(
  request: IncomingMessage,
  response: ServerResponse,
  tell: Tell,
): boolean {
  const { headers, httpVersion } = request;
  if (headers.host !== undefined || httpVersion !== '1.1') return false;
  end(response, 400);
  tell?.(entryOf(request, 400), request.socket);
  return true;
}

/** Answers without a body, and ends the connection: no request after this one is served. */
function end(response: ServerResponse, status: number): void {
  response.shouldKeepAlive = false;
  response.writeHead(status, { 'Content-Length': 0 }).end();
}

function entryOf({ method, url }: IncomingMessage, status: number): Unreadable {
  return { status, code: undefined, method, target: url };
}
