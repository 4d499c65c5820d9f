import { withDeadline } from '../../deadline.js';
import type { MaybePromise } from '../../maybe-promise.js';
import type { FailureCount, FailureCounter } from '../../stores/failure-counter.js';

/** Milliseconds that the counter may take, and for which it is left alone after a failure. */
const DEADLINE = 1_000;
const REST = 5_000;

export interface FallbackCounterParts {
  readonly counter: FailureCounter;
  /** Counts while the other one fails. */
  readonly insurance: FailureCounter;
  readonly onFailure: () => void;
}

/**
 * Counts elsewhere, and in this process while that fails. So an outage neither locks users out nor
 * permits guesses without end.
 */
export class FallbackCounter implements FailureCounter {
  readonly #parts: FallbackCounterParts;
  /** In milliseconds of this process' steady clock. */
  #restsUntil = 0;

  constructor(parts: FallbackCounterParts) {
    this.#parts = parts;
  }

  penalty(key: string, points: number): Promise<FailureCount> {
    return this.#ask((counter) => counter.penalty(key, points));
  }

  reward(key: string, points: number): Promise<unknown> {
    return this.#ask((counter) => counter.reward(key, points));
  }

  async delete(key: string): Promise<void> {
    const { insurance } = this.#parts;
    await insurance.delete(key);
    await this.#ask((counter) => counter.delete(key));
  }

  async #ask<T>(question: (counter: FailureCounter) => MaybePromise<T>): Promise<T> {
    const { counter, insurance, onFailure } = this.#parts;
    if (performance.now() < this.#restsUntil) return question(insurance);
    try {
      const answer = (async () => question(counter))();
      return await withDeadline(answer, DEADLINE, () => new Error('no answer in time'));
    } catch {
      this.#restsUntil = performance.now() + REST;
      onFailure();
      return question(insurance);
    }
  }
}
