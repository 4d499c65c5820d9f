/** How often something took how long: a histogram that costs a few additions to feed. */
export class Durations {
  readonly #buckets: readonly { readonly bound: number; count: number }[];
  #count = 0;
  #seconds = 0;

  /** @param bounds - the upper bounds of the buckets, in seconds, ascending */
  constructor(bounds: readonly number[]) {
    this.#buckets = bounds.map((bound) => ({ bound, count: 0 }));
  }

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  /** What they took together. */
  get seconds(): number {
    return this.#seconds;
  }

  /** How many took no longer than each bound, as Prometheus counts: the shorter ones are among the longer ones. */
  get cumulative(): readonly (readonly [bound: number, count: number])[] {
    let sum = 0;
    return this.#buckets.map(({ bound, count }) => [bound, (sum += count)]);
  }

  /** @param since - when it began, by `performance.now()` */
  add(since: number): void {
    const seconds = (performance.now() - since) / 1000;
    const bucket = this.#buckets.find(({ bound }) => seconds <= bound);
    if (bucket !== undefined) bucket.count += 1;
    this.#count += 1;
    this.#seconds += seconds;
  }
}
