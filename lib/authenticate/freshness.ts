import type { UserSource } from '../stores/user-store.js';

/** The start of a look-up and the end of its validity, in milliseconds of `performance.now()`. */
export interface Dated {
  readonly askedAt: number;
  readonly expiresAt: number;
}

/**
 * Judges until when the answers of a source are believed. A source that learns of changes over a
 * connection says until when it is sure to have heard of them (`freshUntil`); after that nothing
 * found before counts. That is decided at each use, never by a timer: a process that stood still
 * would answer before its timers ran.
 *
 * What is once found in doubt stays so, even if the proof comes back: only an answer from after
 * that is believed.
 */
export class Freshness {
  readonly #source: Pick<UserSource, 'freshUntil'>;
  #isLost = false;
  #losses = 0;
  #lostAt = -Infinity;
  #doubtedAt = -Infinity;

  constructor(source: Pick<UserSource, 'freshUntil'>) {
    this.#source = source;
  }

  /** The end of the proof, in milliseconds of `performance.now()`; Infinity if none is needed. */
  get until(): number {
    return this.#source.freshUntil ?? Infinity;
  }

  /** Counts how often the proof was found lost. Conclusions from before are void. */
  get losses(): number {
    return this.#losses;
  }

  /** The last time at which anything was proven; Infinity while it is. */
  get provenUntil(): number {
    return this.#isLost ? Math.max(this.#lostAt, this.until) : this.until;
  }

  /** True if what was found before may be believed now. Notes that it may not. */
  isProven(now: number = performance.now()): boolean {
    const { until } = this;
    if (now < until) {
      this.#isLost = false;
      return true;
    }
    this.#doubtedAt = now;
    if (!this.#isLost) {
      this.#isLost = true;
      this.#losses += 1;
      this.#lostAt = until;
    }
    return false;
  }

  /** The end of an answer's validity, as far as it is decided: in doubt, the loss of the proof. */
  decidedEnd({ askedAt, expiresAt }: Dated): number {
    return askedAt <= this.#doubtedAt ? Math.min(expiresAt, this.#lostAt) : expiresAt;
  }

  /** The end of an answer's validity as of now: it moves on with the proof. */
  endOf(answer: Dated): number {
    return Math.min(this.decidedEnd(answer), this.until);
  }
}
