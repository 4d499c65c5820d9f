import { setTimeout as delay } from 'node:timers/promises';

/** Limit of remembered times. */
const MAX_TIMES = 64;

/**
 * The times, in milliseconds, that a source took of late to refuse a password. A name that the
 * source is not asked about waits as long: otherwise the time would tell which names a directory
 * has.
 */
export class AskTimes {
  readonly #times: number[] = [];
  #next = 0;

  /** Asks, and remembers the time that a wrong answer took. */
  async watch(ask: () => Promise<boolean>): Promise<boolean> {
    const start = performance.now();
    const isRight = await ask();
    if (!isRight) {
      this.#times[this.#next] = performance.now() - start;
      this.#next = (this.#next + 1) % MAX_TIMES;
    }
    return isRight;
  }

  /** Waits as long as one of the remembered questions took. */
  async standIn(): Promise<void> {
    const time = this.#times[Math.floor(Math.random() * this.#times.length)];
    // Unreferenced: the timer must not keep the process alive.
    if (time !== undefined) await delay(time, undefined, { ref: false });
  }
}
