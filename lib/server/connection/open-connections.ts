import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { socketBelow } from './sockets-below.js';

/** Finds out if a request of a connection is under way. */
type IsBusy = (socket: Socket) => boolean;

/**
 * The open connections of a server. Node closes those at once that are idle between two requests,
 * but not those that have sent no request yet, or half of one.
 */
export class OpenConnections {
  readonly #isBusy: IsBusy;
  readonly #sockets = new Set<Socket>();
  /** Those below TLS whose handshake is not complete. */
  readonly #greeting = new Set<Socket>();
  /** Those that {@link closeIdle} found idle and left; undefined before its first call. */
  #wereIdle: ReadonlySet<Socket> | undefined;

  /**
   * @param server - one that does not listen yet
   * @param isTls - whether it speaks TLS, and its connections are watched by {@link watchBelow}
   */
  constructor(server: Server, { isTls, isBusy }: { isTls: boolean; isBusy: IsBusy }) {
    this.#isBusy = isBusy;
    if (!isTls) {
      server.on('connection', (socket: Socket) => {
        keepWhileOpen(this.#sockets, socket);
      });
      return;
    }
    server.on('connection', (socket: Socket) => {
      keepWhileOpen(this.#greeting, socket);
    });
    server.on('secureConnection', (socket: TLSSocket) => {
      const below = socketBelow(socket);
      if (below !== undefined) this.#greeting.delete(below);
      keepWhileOpen(this.#sockets, socket);
    });
  }

  /** All of them, with those below TLS whose handshake is not complete. */
  [Symbol.iterator](): Iterator<Socket> {
    return [...this.#greeting, ...this.#sockets].values();
  }

  /**
   * Closes the connections that have no request under way. One that is being ended, whose client
   * may still send the body of an answered request, stays until the next call; so does one that was
   * busy at the last call.
   */
  closeIdle(): void {
    for (const socket of this.#greeting) socket.destroy();
    const idle = [...this.#sockets].filter((socket) => !this.#isBusy(socket));
    for (const socket of idle) {
      if (this.#wereIdle?.has(socket) === true) socket.destroy();
      else if (this.#wereIdle === undefined && !socket.writableEnded) socket.destroySoon();
    }
    this.#wereIdle = new Set(idle);
  }

  /** Closes all connections, also those that Node no longer counts among its own. */
  destroy(): void {
    for (const socket of this) socket.destroy();
  }
}

function keepWhileOpen(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
}
