/** Milliseconds for which a cost counts after it was last seen. */
const COUNTS_FOR = 600_000;

/**
 * The bcrypt costs of hashes seen of late. A cost that is gone should slow down failures no longer.
 */
export class RecentCosts {
  /**
   * The time each cost was last seen, in milliseconds of this process' steady clock. Few costs
   * exist.
   */
  readonly #seen = new Map<number, number>();

  /** 0 without any. */
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
