import { OverloadedError } from '../../errors.js';

/** Runs tasks one at a time, in the order in which they are given. */
export class SerialQueue {
  readonly #most: number;
  readonly #what: string;
  #last: Promise<unknown> = Promise.resolve();
  #length = 0;

  /**
   * @param most - at most so many tasks at a time, the running one included; no limit if left out
   * @param what - the tasks, as a refusal calls them
   */
  constructor(most?: number, what = 'changes of users') {
    this.#most = most ?? Infinity;
    this.#what = what;
  }

  /**
   * Runs a task after all tasks before it have ended, whether they failed or not.
   *
   * @throws OverloadedError if there are too many tasks already; what the task throws
   */
  async run<T>(task: () => T | Promise<T>): Promise<T> {
    if (this.#length >= this.#most) throw new OverloadedError(`too many ${this.#what} wait`);
    this.#length += 1;
    const outcome = this.#last.then(task).finally(() => {
      this.#length -= 1;
    });
    this.#last = outcome.catch(() => undefined);
    return outcome;
  }
}
