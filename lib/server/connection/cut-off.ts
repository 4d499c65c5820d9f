import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { socketBelow } from './sockets-below.js';

/**
 * Breaks off an answer that has begun, so that the client does not take it for whole. The client
 * misses the last chunk if there are chunks. If there are none, as for a client of HTTP/1.0, the
 * end of the connection may be the end of the answer (RFC 9112, section 6.3), so it is reset. So is
 * the one below TLS: that has a sign for an end (`close_notify`), but not all clients miss it.
 */
export function cutOff(response: ServerResponse): void {
  const { socket } = response;
  if (socket !== null && !response.chunkedEncoding) {
    if (socket instanceof TLSSocket) socketBelow(socket)?.resetAndDestroy();
    else reset(socket);
  }
  response.destroy();
}

function reset(socket: Socket): void {
  // Node would end the connection in order before it is reset, and the client may see that end.
  socket.destroySoon = () => {
    socket.destroy();
  };
  socket.resetAndDestroy();
}
