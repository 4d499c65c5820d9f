import type { IncomingMessage, ServerResponse } from 'node:http';
import { cutOff } from './cut-off.js';
import { announcesBody } from './unread-body.js';

/** Looks per limit, and the longest time between two looks in milliseconds. */
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
 * Ends connections whose announced body stops arriving. A slow body may take any time. A body that
 * has arrived and waits here to be read does not count as silent.
 */
export class SilenceWatch {
  readonly #limit: number;
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | undefined;

  /** @param limit - milliseconds of silence; 0 for no limit */
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
        if (response.headersSent && !response.writableEnded) {
          cutOff(response);
          continue;
        }
        if (!response.headersSent && response.socket === socket) socket.write(TIMED_OUT);
        socket.destroySoon();
      }
    }
    if (this.#watched.size === 0) this.stop();
  }
}
