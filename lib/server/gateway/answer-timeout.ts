import type { GatewayConfig } from '../../index.js';
import type { LimitedBody } from './limited-body.js';

/** Paths without a time limit: logs that a client follows, and profiles as long as it asks for. */
const ENDLESS = /^(?:\/kapacitor\/v1(?:preview)?)?\/(?:logs|debug\/pprof)(?:\/|$)/i;

const WRITE = /^(?:\/kapacitor\/v1(?:preview)?)?\/write(?:\/|$)/i;

/**
 * Returns true if a request writes points.
 *
 * @param path - as it was judged
 */
export function isWrite(method: string, path: string): boolean {
  return method === 'POST' && WRITE.test(path);
}

/**
 * Returns the milliseconds that the upstream may take to begin its answer once it has the whole
 * request; 0 for no limit.
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

/**
 * Watches the silence of an upstream that must answer a request with a body. The upstream does not
 * count as silent while it reads.
 */
export class AnswerDeadline {
  readonly #timer: NodeJS.Timeout;
  #passed = 0;

  /**
   * @param limit - milliseconds, not 0
   * @param expired - called once the upstream was silent for that long
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
