interface Flight<T> {
  /** In milliseconds of `performance.now()`. */
  readonly began: number;
  readonly answer: Promise<T>;
  /** For callers that came too late to share this one. */
  next?: Promise<T>;
}

/** Runs one task at a time for each key: all callers that come while it runs share its answer. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** Returns true if a task runs for the key. */
  has(key: string): boolean {
    return this.#flights.has(key);
  }

  /**
   * Shares the running task, or begins one. If the running task began too long ago, it waits for
   * that to end, and all who wait share the next one.
   *
   * @param shareFor - milliseconds for which a running task can be shared; without limit if left
   *   out, and never with 0
   */
  run(key: string, work: () => Promise<T>, shareFor?: number): Promise<T> {
    const running = this.#flights.get(key);
    if (running === undefined) return this.#begin(key, work);
    if (performance.now() - running.began < (shareFor ?? Infinity)) return running.answer;
    const begin = (): Promise<T> => this.run(key, work);
    running.next ??= running.answer.then(begin, begin);
    return running.next;
  }

  #begin(key: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const answer = work().finally(() => this.#flights.delete(key));
    this.#flights.set(key, { began, answer });
    return answer;
  }
}
