import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';

/** The open connections below those of TLS, by their two ends. */
const below = new Map<string, Socket>();

/** Remembers the connections below those of TLS while they are open. */
export function watchBelow(server: TlsServer): void {
  server.on('connection', (socket: Socket) => {
    const ends = endsOf(socket);
    below.set(ends, socket);
    socket.once('close', () => {
      if (below.get(ends) === socket) below.delete(ends);
    });
  });
}

/** The connection below one of TLS: it has the same two ends. */
export function socketBelow(socket: Socket): Socket | undefined {
  return below.get(endsOf(socket));
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join(' ');
}
