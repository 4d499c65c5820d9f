/**
 * Failures in a row that open the breaker, and then the pause between attempts, in milliseconds.
 */
const THRESHOLD = 3;
const PAUSE = 1000;

/** So many different questions must fail; more are not told apart. */
const ENOUGH = 2;

/**
 * Keeps an outage from queueing requests. After a few failures in a row it opens and admits one
 * attempt a second, until one succeeds. Failures of one question alone, such as the look-up of one
 * name, don't open it: whoever asks it could otherwise shut out all others.
 */
export class CircuitBreaker {
  #connections = 0;
  #answers = 0;
  readonly #questions = new Set<string>();
  #isOpen = false;
  #nextAttempt = 0;

  /** True from the failure that opened it up to the next success. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Returns true if an attempt may be made now. An admitted attempt reports its outcome. */
  admits(): boolean {
    if (!this.#isOpen) return true;
    const now = performance.now();
    if (now < this.#nextAttempt) return false;
    this.#nextAttempt = now + PAUSE;
    return true;
  }

  /** @returns true if this closed the breaker */
  succeeded(): boolean {
    const wasOpen = this.#isOpen;
    this.#connections = 0;
    this.#answers = 0;
    this.#questions.clear();
    this.#isOpen = false;
    return wasOpen;
  }

  /**
   * @param question - the question that failed; left out if nobody could even be reached
   * @returns true if this opened the breaker
   */
  failed(question?: string): boolean {
    if (question === undefined) this.#connections += 1;
    else this.#answers += 1;
    if (question !== undefined && this.#questions.size < ENOUGH) this.#questions.add(question);
    // An attempt from before it opened may fail much later; it must not prolong the pause.
    return this.#weight() >= THRESHOLD && this.trip();
  }

  /** Opens it without any more failures. @returns true if this opened the breaker */
  trip(): boolean {
    if (this.#isOpen) return false;
    this.#isOpen = true;
    this.#nextAttempt = performance.now() + PAUSE;
    return true;
  }

  #weight(): number {
    return this.#connections + (this.#questions.size < ENOUGH ? 0 : this.#answers);
  }
}
