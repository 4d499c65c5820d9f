import type { FailureCount, FailureCounter } from '../../stores/failure-counter.js';
import { BoundedMemory } from '../bounded-memory.js';

/** Limit of counted keys: more than bcrypt of the default cost lets fail in a minute. */
const MAX_KEYS = 32_768;

/** Options of a {@link FailureMemory}. */
export interface FailureMemoryOptions {
  /** Milliseconds for which failures of a key count, from the first one. */
  readonly window: number;
  /** At most so many keys are counted; those that failed longest ago are forgotten first. */
  readonly maxKeys?: number | undefined;
}

interface Count {
  failures: number;
  /** In milliseconds of this process' steady clock. */
  readonly endsAt: number;
}

/**
 * Counts failures in this process' memory. Beyond its limit of keys it forgets those that failed
 * longest ago.
 */
export class FailureMemory implements FailureCounter {
  readonly #window: number;
  readonly #counts: BoundedMemory<Count>;

  constructor({ window, maxKeys = MAX_KEYS }: FailureMemoryOptions) {
    this.#window = window;
    this.#counts = new BoundedMemory({ max: maxKeys });
  }

  /** The number of counted keys. */
  get size(): number {
    return this.#counts.size;
  }

  penalty(key: string, points: number): FailureCount {
    const now = performance.now();
    let count = this.#counts.get(key);
    if (count === undefined || count.endsAt <= now) {
      count = { failures: 0, endsAt: now + this.#window };
      this.#counts.set(key, count);
    }
    count.failures += points;
    return { consumedPoints: count.failures, msBeforeNext: count.endsAt - now };
  }

  reward(key: string, points: number): void {
    const count = this.#counts.get(key);
    if (count === undefined) return;
    count.failures -= points;
    // A key without failures takes no room.
    if (count.failures <= 0) this.#counts.delete(key);
  }

  delete(key: string): void {
    this.#counts.delete(key);
  }
}
