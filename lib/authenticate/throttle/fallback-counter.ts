import { withDeadline } from '../../deadline.js';
import { StoreUnavailableError } from '../../errors.js';
import type { MaybePromise } from '../../maybe-promise.js';
import type { FailureCount, FailureCounter } from '../../stores/failure-counter.js';

/** Milliseconds that the counter may take, and for which it is left alone after a failure. */
const DEADLINE = 1_000;
const REST = 5_000;

export interface FallbackCounterParts {
  readonly counter: FailureCounter;
  /** Counts while the other one fails. */
  readonly insurance: FailureCounter;
  readonly onFailure: (error: unknown) => void;
  /** Resolves once the counter can be asked; the time for that is not the counter's. */
  readonly ready?: (() => Promise<void>) | undefined;
}

/** A key that no client has: neither an address nor a digest. */
const PROBE = 'probe';

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

  /** Counts once, so that `onFailure` tells before the first login if the counter fails. */
  async probe(): Promise<void> {
    await this.penalty(PROBE, 1);
    await this.delete(PROBE);
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
    const { counter, insurance, onFailure, ready } = this.#parts;
    if (performance.now() < this.#restsUntil) return question(insurance);
    try {
      await ready?.();
      const answer = (async () => question(counter))();
      return await withDeadline(answer, DEADLINE, noAnswer);
    } catch (error) {
      this.#restsUntil = performance.now() + REST;
      onFailure(error);
      return question(insurance);
    }
  }
}

function noAnswer(): Error {
  return new StoreUnavailableError('no answer within a second');
}
