import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Unreadable } from './unreadable.js';

type Tell = ((told: Unreadable, socket: Duplex) => void) | undefined;

/**
 * Answers requests of which Node would tell nobody: with an expectation that nothing meets
 * (RFC 9110, section 10.1.1), and for a tunnel (`CONNECT`, section 9.3.6).
 */
export function answerUnserved(server: Server, tell: Tell): void {
  server.on('checkExpectation', (request, response) => {
    response.writeHead(417, { 'Content-Length': 0, Connection: 'close' }).end();
    tell?.(entryOf(request, 417), request.socket);
  });
  server.on('connect', (request, socket) => {
    const status = 405;
    const head = `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`;
    socket.on('error', () => undefined);
    socket.end(
      `${head}\r\nAllow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      () => socket.destroy(),
    );
    tell?.(entryOf(request, status), socket);
  });
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
  response.writeHead(400, { 'Content-Length': 0, Connection: 'close' }).end();
  tell?.(entryOf(request, 400), request.socket);
  return true;
}

function entryOf({ method, url }: IncomingMessage, status: number): Unreadable {
  return { status, code: undefined, method, target: url };
}
