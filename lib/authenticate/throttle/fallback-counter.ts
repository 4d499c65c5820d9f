import { withDeadline } from '../../deadline.js';
import type { MaybePromise } from '../../maybe-promise.js';
import type { FailureCount, FailureCounter } from '../../stores/failure-counter.js';

/** Milliseconds that a counter may take, and that a failing one is left alone. */
const DEADLINE = 1_000;
const REST = 5_000;

/** What an insured counter is made of. */
export interface FallbackCounterParts {
  readonly counter: FailureCounter;
  /** Counts while the other can't. */
  readonly insurance: FailureCounter;
  readonly onFailure: () => void;
}

/**
 * Counts elsewhere, and here while that fails: an outage neither keeps people from logging in nor opens the door to guesses
 * without end.
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
