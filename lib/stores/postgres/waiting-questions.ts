import type { PostgresFailure } from './postgres-failure.js';

/**
 * The questions that wait for the database, so that all of them can be ended at once. There are no
 * more of them than connections, and than may wait for one.
 */
export class WaitingQuestions {
  readonly #ends = new Set<(failure: PostgresFailure) => void>();

  /** Waits for an answer, but no longer than until {@link WaitingQuestions.end}. */
  wait<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#ends.add(reject);
      answer.then(resolve, reject).finally(() => {
        this.#ends.delete(reject);
      });
    });
  }

  /** Ends all that wait. */
  end(failure: PostgresFailure): void {
    for (const end of this.#ends) end(failure);
    this.#ends.clear();
  }
}
