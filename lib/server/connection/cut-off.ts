import type { ServerResponse } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** The open connections below those of TLS, by their two ends. */
const below = new Map<string, Socket>();

/** Remembers the connections below those of TLS while they are open: {@link cutOff} resets them. */
export function watchBelow(server: TlsServer): void {
  server.on('connection', (socket: Socket) => {
    const ends = endsOf(socket);
    below.set(ends, socket);
    socket.once('close', () => {
      if (below.get(ends) === socket) below.delete(ends);
    });
  });
}

/** Names a connection by its two ends: what is below TLS has the same as what is above. */
export function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join(' ');
}

/**
 * Breaks off an answer that has begun, so that the client does not take it for whole. The client
 * misses the last chunk if there are chunks. If there are none, as for a client of HTTP/1.0, the
 * end of the connection may be the end of the answer (RFC 9112, section 6.3), so it is reset. So is
 * the one below TLS: that has a sign for an end (`close_notify`), but not all clients miss it.
 */
export function cutOff(response: ServerResponse): void {
  const { socket } = response;
  if (socket !== null && !response.chunkedEncoding) {
    if (socket instanceof TLSSocket) below.get(endsOf(socket))?.resetAndDestroy();
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
