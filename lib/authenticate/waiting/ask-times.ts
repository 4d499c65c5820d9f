import { setTimeout as delay } from 'node:timers/promises';

/** How many times are remembered. */
const MAX_TIMES = 64;

/**
 * How long a source took of late to say that a password is wrong, in milliseconds. A name that need not be asked about waits as
 * long as one that was: else the time would tell which names a directory has.
 */
export class AskTimes {
  readonly #times: number[] = [];
  #next = 0;

  /** Asks, and remembers how long a wrong answer took. */
  async watch(ask: () => Promise<boolean>): Promise<boolean> {
    const start = performance.now();
    const isRight = await ask();
    if (!isRight) {
      this.#times[this.#next] = performance.now() - start;
      this.#next = (this.#next + 1) % MAX_TIMES;
    }
    return isRight;
  }

  /** Waits as long as one of those who asked. */
  async standIn(): Promise<void> {
    const time = this.#times[Math.floor(Math.random() * this.#times.length)];
    // It keeps no process from ending.
    if (time !== undefined) await delay(time, undefined, { ref: false });
  }
}
