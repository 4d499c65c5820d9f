import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { endsOf } from './cut-off.js';

/** Finds out if a request of a connection is under way. */
type IsBusy = (socket: Socket) => boolean;

/**
 * The open connections of a server. Node closes those at once that are idle between two requests,
 * but not those that have sent no request yet, or half of one.
 */
export class OpenConnections {
  readonly #isBusy: IsBusy;
  readonly #sockets = new Set<Socket>();
  /** Those below TLS whose handshake is not complete, by their two ends. */
  readonly #greeting = new Map<string, Socket>();
  /** Those that {@link closeIdle} found idle and left. */
  #wereIdle: ReadonlySet<Socket> = new Set();

  /** @param server - one that does not listen yet */
  constructor(server: Server, { isTls, isBusy }: { isTls: boolean; isBusy: IsBusy }) {
    this.#isBusy = isBusy;
    if (!isTls) {
      server.on('connection', this.#add);
      return;
    }
    server.on('connection', (socket: Socket) => {
      const ends = endsOf(socket);
      this.#greeting.set(ends, socket);
      socket.once('close', () => {
        if (this.#greeting.get(ends) === socket) this.#greeting.delete(ends);
      });
    });
    server.on('secureConnection', (socket: TLSSocket) => {
      this.#greeting.delete(endsOf(socket));
      this.#add(socket);
    });
  }

  [Symbol.iterator](): Iterator<Socket> {
    return this.#sockets.values();
  }

  /**
   * Closes the connections that have no request under way. One that is being ended, whose client
   * may still send the body of an answered request, stays until the next call; so does one that was
   * busy at the last call.
   *
   * @param isFirst - whether there was no call before
   */
  closeIdle(isFirst: boolean): void {
    for (const socket of this.#greeting.values()) socket.destroy();
    const idle = [...this.#sockets].filter((socket) => !this.#isBusy(socket));
    for (const socket of idle) {
      if (this.#wereIdle.has(socket)) socket.destroy();
      else if (isFirst && !socket.writableEnded) socket.destroySoon();
    }
    this.#wereIdle = new Set(idle);
  }

  /** Closes all connections, also those that Node no longer counts among its own. */
  destroy(): void {
    for (const socket of [...this.#greeting.values(), ...this.#sockets]) socket.destroy();
  }

  readonly #add = (socket: Socket): void => {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  };
}
