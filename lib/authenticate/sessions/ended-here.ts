/** The most sessions that are remembered. */
const MOST = 10_000;

/** Milliseconds between two looks for sessions that would be over anyway. */
const SWEEP_AFTER = 60_000;

/** A session that was ended by a log-out; times are in milliseconds since 1970. */
export interface EndedSession {
  readonly id: string;
  readonly startedAt: number;
  /** The time at which it would be over anyway. */
  readonly until: number;
}

/**
 * Remembers the sessions that were ended by a log-out, in this process alone, and never too many.
 */
export class EndedHere {
  readonly #untilById = new Map<string, number>();
  #sweptAt = -Infinity;
  #latestStart = -Infinity;
  #allStartedUntil = -Infinity;

  /** The number of sessions that are remembered. */
  get size(): number {
    return this.#untilById.size;
  }

  /** The earliest start that a new session may have, so that it isn't taken for an ended one. */
  get earliestStart(): number {
    return this.#allStartedUntil + 1;
  }

  /** Returns true if a session was ended. */
  has({ id, startedAt }: Pick<EndedSession, 'id' | 'startedAt'>): boolean {
    return startedAt <= this.#allStartedUntil || this.#untilById.has(id);
  }

  /**
   * Ends a session.
   *
   * @param now - in milliseconds since 1970
   * @returns false if there is no room, and nothing was remembered
   */
  add({ id, startedAt, until }: EndedSession, now: number): boolean {
    if (this.#untilById.size >= MOST) this.#sweep(now);
    if (this.#untilById.size >= MOST && !this.#untilById.has(id)) return false;
    this.#untilById.set(id, until);
    this.#latestStart = Math.max(this.#latestStart, startedAt);
    return true;
  }

  /** Ends a session, and with it all that began until now: there is no room to tell them apart. */
  endAll({ startedAt }: EndedSession, now: number): void {
    this.#allStartedUntil = Math.max(...[this.#allStartedUntil, this.#latestStart, startedAt, now]);
    this.#untilById.clear();
  }

  #sweep(now: number): void {
    if (Math.abs(now - this.#sweptAt) < SWEEP_AFTER) return;
    this.#sweptAt = now;
    for (const [id, until] of this.#untilById) {
      if (until <= now) this.#untilById.delete(id);
    }
  }
}
