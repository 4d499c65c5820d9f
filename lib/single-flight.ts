interface Flight<T> {
  /** In milliseconds of this process' steady clock. */
  readonly began: number;
  readonly answer: Promise<T>;
  /** For those who came too late to share this one. */
  next?: Promise<T>;
}

/** Runs one thing at a time for each key: whoever comes while it runs shares its answer. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** Whether something runs. */
  has(key: string): boolean {
    return this.#flights.has(key);
  }

  /**
   * Shares what runs, else begins. What began too long ago is waited for instead, and one of the next is shared by all who do.
   *
   * @param shareFor - milliseconds after its beginning for which an answer is good enough; any is when left out, and 0
   * wants one that has yet to begin
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
