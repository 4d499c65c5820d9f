import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long a client that was answered may send nothing of the rest of its body, in milliseconds. */
const QUIET = 5_000;

/** How long it may go on sending at the most, in milliseconds. */
const LONGEST = 30_000;

/** Whether a request says that a body follows. */
export function announcesBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const { 'content-length': length, 'transfer-encoding': coding } = headers;
  return coding !== undefined || (length !== undefined && Number(length) !== 0);
}

/**
 * Lets an answer that is given before the body of its request was there end the connection (RFC 9112, section 9.3). A proxy may
 * have announced a body that it does not send: what comes next would be read as that body.
 *
 * The rest of a body is read and dropped for a while, since a client that still sends would miss the answer.
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

/** Node calls this to end a connection after its last answer. */
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
