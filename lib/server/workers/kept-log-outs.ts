/** The most sessions that are kept. */
const MOST = 10_000;

/** The sessions on pages that were ended by a log-out in any worker. */
export class KeptLogOuts {
  readonly #untilById = new Map<string, number>();

  /**
   * Notes that a session is over.
   *
   * @param until - the time at which it would be over anyway, in milliseconds since 1970
   * @returns false if there is no room
   */
  end(id: string, until: number): boolean {
    if (this.#untilById.size >= MOST) this.#sweep();
    if (this.#untilById.size >= MOST) return false;
    this.#untilById.set(id, until);
    return true;
  }

  /** Returns true if a session was ended. */
  has(id: string): boolean {
    return this.#untilById.has(id);
  }

  #sweep(): void {
    const now = Date.now();
    for (const [id, until] of this.#untilById) {
      if (until <= now) this.#untilById.delete(id);
    }
  }
}
