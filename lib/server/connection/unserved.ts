import type { IncomingMessage, Server } from 'node:http';
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

function entryOf({ method, url }: IncomingMessage, status: number): Unreadable {
  return { status, code: undefined, method, target: url };
}
