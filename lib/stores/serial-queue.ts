/** Runs tasks one at a time, in the order in which they are given. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs a task once those before it have ended, however they did. */
  run<T>(task: () => T | Promise<T>): Promise<T> {
    const outcome = this.#last.then(task);
    this.#last = outcome.catch(() => undefined);
    return outcome;
  }
}
