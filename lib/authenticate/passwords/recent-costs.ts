/** How long a cost counts after it was last seen, in milliseconds. */
const COUNTS_FOR = 600_000;

/** The bcrypt costs of hashes that were met of late, so that one that is gone is not paid for any longer. */
export class RecentCosts {
  /** When each cost was last seen, in milliseconds of this process' steady clock. There are few costs. */
  readonly #seen = new Map<number, number>();

  /** The highest of them; 0 without any. */
  get highest(): number {
    const since = performance.now() - COUNTS_FOR;
    let highest = 0;
    for (const [cost, at] of this.#seen) if (at > since && cost > highest) highest = cost;
    return highest;
  }

  see(cost: number): void {
    this.#seen.set(cost, performance.now());
  }
}
