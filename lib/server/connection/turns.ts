import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Limit of requests of one connection that are worked on at once, and of those that begin before
 * other connections get their turn. Further requests wait, unread if possible.
 */
export const MAX_UNANSWERED = 16;

/** Requests after which a connection notes the next turn of the others, before it must wait. */
const HALF = MAX_UNANSWERED / 2;

/**
 * Bounds the work for one connection: at most {@link MAX_UNANSWERED} of its requests are with the
 * handler. While more requests wait, nothing is read from it. An answer that the client does not
 * read still counts as pending.
 *
 * Answers that are given at once would make room for more requests without end. After as many, a
 * connection waits for the next turn of the event loop.
 *
 * After an answer that ends the connection, no further request is served (RFC 9112, section 9.6).
 */
export class Turns {
  readonly #handler: RequestListener;
  readonly #connections = new WeakMap<object, Connection>();
  #isEnding = false;

  constructor(handler: RequestListener) {
    this.#handler = handler;
  }

  readonly listener: RequestListener = (request, response) => {
    const { socket } = request;
    let connection = this.#connections.get(socket);
    if (connection === undefined) {
      connection = new Connection(socket, this.#handler);
      this.#connections.set(socket, connection);
      if (this.#isEnding) connection.endAfterLast();
    }
    connection.take(request, response);
  };

  /** Returns the response to the oldest unanswered request of a connection. */
  pending(socket: object): ServerResponse | undefined {
    return this.#connections.get(socket)?.pending;
  }

  /** Returns true if a request of the connection has no answer yet. */
  isBusy(socket: object): boolean {
    return this.#connections.get(socket)?.isBusy ?? false;
  }

  /**
   * From now on the answer to the last request of a connection ends it, on these connections and on
   * all that follow.
   */
  endAfterLast(sockets: Iterable<object>): void {
    this.#isEnding = true;
    for (const socket of sockets) this.#connections.get(socket)?.endAfterLast();
  }
}

type Turn = readonly [request: IncomingMessage, response: ServerResponse];

/**
 * The requests of one connection.
 *
 * If a connection closes, Node 20 tells that only to the response that is being sent. Those that
 * wait behind it are closed here, or nothing would end what was begun for them.
 */
class Connection {
  readonly #socket: Socket;
  readonly #handler: RequestListener;
  #unanswered: ServerResponse[] = [];
  /** Requests that Node had parsed before reading stopped: at most as many as one read can hold. */
  #waiting: Turn[] = [];
  /** Requests begun since other connections had their turn. */
  #begun = 0;
  #isPaused = false;
  #isEnding = false;

  constructor(socket: Socket, handler: RequestListener) {
    this.#socket = socket;
    this.#handler = handler;
    socket.once('close', () => {
      this.#close();
    });
  }

  get pending(): ServerResponse | undefined {
    return this.#unanswered.find((response) => !response.writableFinished);
  }

  get isBusy(): boolean {
    return this.#waiting.length > 0 || this.pending !== undefined;
  }

  /**
   * The answer to the last request that has arrived ends the connection, unless that answer has
   * begun.
   */
  endAfterLast(): void {
    this.#isEnding = true;
    const last = this.#unanswered.at(-1);
    if (last !== undefined) this.#endWith(last);
  }

  take(...turn: Turn): void {
    // Most clients send one request at a time and skip this check.
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
    if (this.#begun === HALF) setImmediate(this.#haveHadTurn);
    this.#unanswered.push(response);
    if (this.#isEnding) this.#endWith(response);
    this.#handler(request, response);
  }

  /** An answer that has begun has told already that the connection goes on. */
  #endWith(response: ServerResponse): void {
    if (this.#waiting.length === 0 && !response.headersSent) response.shouldKeepAlive = false;
  }

  /** Returns true if an earlier answer ends the connection, and drops all requests after it. */
  #endsBefore(): boolean {
    const last = this.#unanswered.find((response) => !response.shouldKeepAlive);
    if (last === undefined) {
      this.#unanswered = this.#unanswered.filter((response) => !response.writableFinished);
      return false;
    }
    this.#waiting = [];
    if (!last.writableFinished) this.#pause();
    else if (!this.#socket.writableEnded) this.#socket.destroySoon();
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

  #close(): void {
    const left = this.#unanswered;
    this.#waiting = [];
    this.#unanswered = [];
    for (const response of left) response.destroy();
    // Node has closed those by then that it closes itself.
    setImmediate(() => {
      for (const response of left) if (!response.closed) response.emit('close');
    });
  }

  #pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    // Node resumes the socket whenever a message is complete.
    this.#socket.on('resume', this.#keepPaused).pause();
  }

  #resume(): void {
    this.#isPaused = false;
    this.#socket.off('resume', this.#keepPaused).resume();
  }

  /** A connection that asks one thing at a time so never has to wait. */
  readonly #haveHadTurn = (): void => {
    this.#begun = 0;
  };

  readonly #keepPaused = (): void => {
    this.#socket.pause();
  };
}
