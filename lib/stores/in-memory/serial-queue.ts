import { OverloadedError } from '../../errors.js';

/** Runs tasks one at a time, in the order in which they are given. */
export class SerialQueue {
  readonly #most: number;
  #last: Promise<unknown> = Promise.resolve();
  #length = 0;

  /** @param most - how many tasks there may be at a time; any number when left out */
  constructor(most?: number) {
    this.#most = most ?? Infinity;
  }

  /**
   * Runs a task once those before it have ended, however they did.
   *
   * @throws OverloadedError when there are too many already; what the task throws
   */
  async run<T>(task: () => T | Promise<T>): Promise<T> {
    if (this.#length >= this.#most) throw new OverloadedError('too many changes of users wait');
    this.#length += 1;
    const outcome = this.#last.then(task).finally(() => {
      this.#length -= 1;
    });
    this.#last = outcome.catch(() => undefined);
    return outcome;
  }
}
