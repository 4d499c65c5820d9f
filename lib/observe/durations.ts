/** How often something took how long: a histogram that costs a few additions to feed. */
export class Durations {
  /** The upper bounds of the buckets, in seconds, ascending. */
  readonly bounds: readonly number[];
  /** How many took no longer than each bound, and longer than the one before. */
  readonly #within: number[];
  #count = 0;
  #seconds = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.#within = bounds.map(() => 0);
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
  get cumulative(): readonly number[] {
    let sum = 0;
    return this.#within.map((count) => (sum += count));
  }

  /** @param since - when it began, by `performance.now()` */
  add(since: number): void {
    const seconds = (performance.now() - since) / 1000;
    const bucket = this.bounds.findIndex((bound) => seconds <= bound);
    if (bucket !== -1) this.#within[bucket] = (this.#within[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#seconds += seconds;
  }
}
