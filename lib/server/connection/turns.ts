import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * How many requests of one connection are worked on at once, and how many are begun before other connections get their turn; the
 * next wait, unread as far as they can.
 */
export const MAX_UNANSWERED = 16;

/**
 * Bounds what a connection can ask for: at most {@link MAX_UNANSWERED} of its requests are with the handler. While more are there,
 * nothing is read from it. An answer that the client does not read is one that is not given yet.
 *
 * Answers that are given at once would make room for the next without an end: after as many, a connection waits for the next turn
 * of the event loop.
 *
 * After an answer that ends the connection, nothing that still comes is served (RFC 9112, section 9.6).
 */
export class Turns {
  readonly #handler: RequestListener;
  readonly #connections = new WeakMap<object, Connection>();

  constructor(handler: RequestListener) {
    this.#handler = handler;
  }

  readonly listener: RequestListener = (request, response) => {
    const { socket } = request;
    let connection = this.#connections.get(socket);
    if (connection === undefined) {
      connection = new Connection(socket, this.#handler);
      this.#connections.set(socket, connection);
    }
    connection.take(request, response);
  };

  /** The oldest request of a connection that is not answered yet. */
  pending(socket: object): ServerResponse | undefined {
    return this.#connections.get(socket)?.pending;
  }
}

/** A request and where it is answered. */
type Turn = readonly [request: IncomingMessage, response: ServerResponse];

/** The requests of one connection. */
class Connection {
  readonly #socket: Socket;
  readonly #handler: RequestListener;
  #unanswered: ServerResponse[] = [];
  /** What Node had parsed before reading stopped: what one read can hold. */
  #waiting: Turn[] = [];
  /** How many were begun since others had their turn. */
  #begun = 0;
  #isPaused = false;

  constructor(socket: Socket, handler: RequestListener) {
    this.#socket = socket;
    this.#handler = handler;
  }

  get pending(): ServerResponse | undefined {
    return this.#unanswered.find((response) => !response.writableFinished);
  }

  take(...turn: Turn): void {
    // One after the other is what most clients do.
    if (this.#unanswered.length > 0 && this.#endsBefore()) return;
    if (this.#waiting.length > 0 || !this.#hasTurn) {
      this.#waiting.push(turn);
      if (this.#waiting.length === 1) this.#wait();
    } else {
      this.#serve(turn);
    }
  }

  get #hasTurn(): boolean {
    return this.#unanswered.length < MAX_UNANSWERED && this.#begun < MAX_UNANSWERED;
  }

  #serve([request, response]: Turn): void {
    this.#begun += 1;
    this.#unanswered.push(response);
    this.#handler(request, response);
  }

  /** Whether the connection ends with an earlier answer. */
  #endsBefore(): boolean {
    const last = this.#unanswered.find((response) => !response.shouldKeepAlive);
    if (last === undefined) {
      this.#unanswered = this.#unanswered.filter((response) => !response.writableFinished);
      return false;
    }
    this.#waiting = [];
    if (last.writableFinished) this.#socket.destroySoon();
    else this.#pause();
    return true;
  }

  #wait(): void {
    this.#pause();
    if (this.#begun < MAX_UNANSWERED) {
      this.#unanswered[0]?.once('close', () => {
        this.#goOn();
      });
    } else {
      setImmediate(() => {
        this.#begun = 0;
        this.#goOn();
      });
    }
  }

  #goOn(): void {
    if (this.#socket.destroyed) {
      this.#waiting = [];
      return;
    }
    for (;;) {
      if (this.#endsBefore()) return;
      if (!this.#hasTurn) break;
      const turn = this.#waiting.shift();
      if (turn === undefined) break;
      this.#serve(turn);
    }
    if (this.#waiting.length > 0) this.#wait();
    else this.#resume();
  }

  #pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    // Node reads on whenever a message is complete.
    this.#socket.on('resume', this.#keepPaused).pause();
  }

  #resume(): void {
    this.#isPaused = false;
    this.#socket.off('resume', this.#keepPaused).resume();
  }

  readonly #keepPaused = (): void => {
    this.#socket.pause();
  };
}
