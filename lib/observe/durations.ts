/** A histogram of durations; each costs only a few additions. */
export class Durations {
  readonly #buckets: readonly { readonly bound: number; count: number }[];
  #count = 0;
  #seconds = 0;

  /** @param bounds - upper bounds of the buckets, in seconds, ascending */
  constructor(bounds: readonly number[]) {
    this.#buckets = bounds.map((bound) => ({ bound, count: 0 }));
  }

  /** The number of durations. */
  get count(): number {
    return this.#count;
  }

  /** The sum of the durations, in seconds. */
  get seconds(): number {
    return this.#seconds;
  }

  /**
   * The number of durations up to each bound, cumulative as in Prometheus: the shorter ones are
   * among the longer ones.
   */
  get cumulative(): readonly (readonly [bound: number, count: number])[] {
    let sum = 0;
    return this.#buckets.map(({ bound, count }) => [bound, (sum += count)]);
  }

  /** @param since - the beginning, in milliseconds of `performance.now()` */
  add(since: number): void {
    const seconds = (performance.now() - since) / 1000;
    const bucket = this.#buckets.find(({ bound }) => seconds <= bound);
    if (bucket !== undefined) bucket.count += 1;
    this.#count += 1;
    this.#seconds += seconds;
  }
}
