import type { GatewayConfig } from '../../index.js';
import type { LimitedBody } from './limited-body.js';

/** What is followed as long as somebody reads, and profiles that last as long as was asked for. */
const ENDLESS = /^(?:\/kapacitor\/v1(?:preview)?)?\/(?:logs|debug\/pprof)(?:\/|$)/i;

const WRITE = /^(?:\/kapacitor\/v1(?:preview)?)?\/write(?:\/|$)/i;

/** Whether points are written. @param path - as it was judged */
export function isWrite(method: string, path: string): boolean {
  return method === 'POST' && WRITE.test(path);
}

/**
 * How long the upstream may take to begin its answer once it has the whole request, in milliseconds; 0 for ever.
 *
 * @param path - as it was judged
 */
export function answerTimeout(
  { timeout, writeTimeout }: Pick<GatewayConfig, 'timeout' | 'writeTimeout'>,
  method: string,
  path: string,
): number {
  if (method === 'GET' && ENDLESS.test(path)) return 0;
  return isWrite(method, path) ? writeTimeout : timeout;
}

/** Counts how long an upstream is silent that has to answer a request with a body. It is not silent while it reads. */
export class AnswerDeadline {
  readonly #timer: NodeJS.Timeout;
  #passed = 0;

  /**
   * @param limit - milliseconds, not 0
   * @param expired - told when it was silent for so long
   */
  constructor(body: LimitedBody, limit: number, expired: () => void) {
    this.#timer = setTimeout(() => {
      // Nothing waits for the upstream while the client is slow.
      const isClientSlow = !body.readableEnded && body.readableLength === 0;
      if (!isClientSlow && this.#passed === body.passed) {
        expired();
        return;
      }
      this.#passed = body.passed;
      this.#timer.refresh();
    }, limit);
    body.once('end', () => {
      this.#passed = body.passed;
      this.#timer.refresh();
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
