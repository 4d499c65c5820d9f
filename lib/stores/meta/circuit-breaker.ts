/** Failures in a row after which nothing is asked any more, and the pause between attempts then, in milliseconds. */
const THRESHOLD = 3;
const PAUSE = 1000;

/**
 * Keeps an outage from queueing requests: after a few failures in a row it is open and admits one attempt a second,
 * until one succeeds.
 */
export class CircuitBreaker {
  #failures = 0;
  #nextAttempt = 0;

  /** Whether an attempt may be made now; one that was admitted reports back how it went. */
  admits(): boolean {
    if (this.#failures < THRESHOLD) return true;
    const now = performance.now();
    if (now < this.#nextAttempt) return false;
    this.#nextAttempt = now + PAUSE;
    return true;
  }

  /** @returns whether this closed it */
  succeeded(): boolean {
    const wasOpen = this.#failures >= THRESHOLD;
    this.#failures = 0;
    return wasOpen;
  }

  /** @returns whether this opened it */
  failed(): boolean {
    this.#failures += 1;
    // Attempts from before it opened may fail much later: they don't prolong the pause.
    if (this.#failures !== THRESHOLD) return false;
    this.#nextAttempt = performance.now() + PAUSE;
    return true;
  }
}
