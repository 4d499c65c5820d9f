/** Failures in a row after which nothing is asked any more, and the pause between attempts then, in milliseconds. */
const THRESHOLD = 3;
const PAUSE = 1000;

/** How many different questions are told apart. */
const ENOUGH = 2;

/**
 * Keeps an outage from queueing requests: after a few failures in a row it is open and admits one attempt a second,
 * until one succeeds. Failures of one question alone, such as the look-up of one name, don't open it: who asks it could shut out
 * all others.
 */
export class CircuitBreaker {
  #connections = 0;
  #answers = 0;
  readonly #questions = new Set<string>();
  #isOpen = false;
  #nextAttempt = 0;

  /** Whether an attempt may be made now; one that was admitted reports back how it went. */
  admits(): boolean {
    if (!this.#isOpen) return true;
    const now = performance.now();
    if (now < this.#nextAttempt) return false;
    this.#nextAttempt = now + PAUSE;
    return true;
  }

  /** @returns whether this closed it */
  succeeded(): boolean {
    const wasOpen = this.#isOpen;
    this.#connections = 0;
    this.#answers = 0;
    this.#questions.clear();
    this.#isOpen = false;
    return wasOpen;
  }

  /**
   * @param question - what was asked; left out when the node could not even be reached
   * @returns whether this opened it
   */
  failed(question?: string): boolean {
    if (question === undefined) this.#connections += 1;
    else this.#answers += 1;
    if (question !== undefined && this.#questions.size < ENOUGH) this.#questions.add(question);
    // Attempts from before it opened may fail much later: they don't prolong the pause.
    if (this.#isOpen || this.#weight() < THRESHOLD) return false;
    this.#isOpen = true;
    this.#nextAttempt = performance.now() + PAUSE;
    return true;
  }

  #weight(): number {
    return this.#connections + (this.#questions.size < ENOUGH ? 0 : this.#answers);
  }
}
