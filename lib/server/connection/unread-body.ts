import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Milliseconds that an answered client may pause within the rest of its body. */
const QUIET = 5_000;

/** Milliseconds that an answered client may take for the rest of its body. */
const LONGEST = 30_000;

/** Returns true if a request announces a body. */
export function announcesBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const { 'content-length': length, 'transfer-encoding': coding } = headers;
  return coding !== undefined || (length !== undefined && Number(length) !== 0);
}

/**
 * Ends the connection after an answer that is given before the body of the request has arrived
 * (RFC 9112, section 9.3). A proxy may announce a body and never send it; the next request would
 * then be read as that body.
 *
 * The rest of the body is read and dropped for a while, because a client that still sends would
 * miss the answer.
 */
export function closeUnlessRead(request: IncomingMessage, response: ServerResponse): void {
  if (!announcesBody(request)) return;
  response.writeHead = new Proxy(response.writeHead.bind(response), {
    apply(writeHead, _response, words: unknown[]): unknown {
      if (!request.complete) {
        response.shouldKeepAlive = false;
        lingerOnce(request.socket, request);
      }
      const written: unknown = Reflect.apply(writeHead, undefined, words);
      return written;
    },
  });
}

/** Replaces `destroySoon`, by which Node ends a connection after its last answer. */
function lingerOnce(socket: Socket, request: IncomingMessage): void {
  const destroySoon = socket.destroySoon.bind(socket);
  socket.destroySoon = () => {
    if (request.complete) destroySoon();
    else linger(socket);
  };
}

function linger(socket: Socket): void {
  socket.end();
  const start = performance.now();
  let seen = socket.bytesRead;
  const timer = setInterval(() => {
    if (socket.bytesRead === seen || performance.now() - start > LONGEST) socket.destroy();
    seen = socket.bytesRead;
  }, QUIET).unref();
  socket.once('close', () => {
    clearInterval(timer);
  });
}
