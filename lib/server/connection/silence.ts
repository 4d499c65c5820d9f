import type { IncomingMessage, ServerResponse } from 'node:http';
import { announcesBody } from './unread-body.js';

/** How often it is looked, in parts of the limit, and at the most, in milliseconds. */
const LOOKS = 4;
const LONGEST_PAUSE = 5_000;

const TIMED_OUT = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

interface Watched {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  bytes: number;
  since: number;
}

/**
 * Ends connections on which a body was announced and nothing comes any more. A body that comes slowly may take as long as it takes,
 * and one that waits here for whoever reads it is none that does not come.
 */
export class SilenceWatch {
  readonly #limit: number;
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | undefined;

  /** @param limit - milliseconds; 0 for ever */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(request: IncomingMessage, response: ServerResponse): void {
    if (this.#limit === 0 || !announcesBody(request)) return;
    const { bytesRead } = request.socket;
    this.#watched.add({ request, response, bytes: bytesRead, since: performance.now() });
    this.#timer ??= setInterval(
      () => {
        this.#look();
      },
      Math.min(this.#limit / LOOKS, LONGEST_PAUSE),
    ).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#watched.clear();
  }

  #look(): void {
    const now = performance.now();
    for (const watched of this.#watched) {
      const { request, response } = watched;
      const { socket } = request;
      if (request.complete || socket.destroyed) {
        this.#watched.delete(watched);
      } else if (socket.bytesRead !== watched.bytes || request.readableLength > 0) {
        watched.bytes = socket.bytesRead;
        watched.since = now;
      } else if (now - watched.since >= this.#limit) {
        this.#watched.delete(watched);
        if (!response.headersSent && response.socket === socket) socket.write(TIMED_OUT);
        socket.destroySoon();
      }
    }
    if (this.#watched.size === 0) this.stop();
  }
}
