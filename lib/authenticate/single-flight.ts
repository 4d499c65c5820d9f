/** Runs one thing at a time for each key: whoever comes while it runs gets the same answer. */
export class SingleFlight<T> {
  readonly #running = new Map<string, Promise<T>>();

  run(key: string, work: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    const answer = work().finally(() => this.#running.delete(key));
    this.#running.set(key, answer);
    return answer;
  }
}
