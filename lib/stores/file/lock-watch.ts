import { lstat, rmdir } from 'node:fs/promises';
import { unlessMissing } from './failure.js';

/**
 * Watches a lock that others hold. Whoever holds it moves its time every moment, by whatever clock; so a lock that stays as it is
 * for long was left behind, even if its time lies in the future for us.
 */
export class LockWatch {
  readonly #lock: string;
  /** Milliseconds. */
  readonly #patience: number;
  readonly #longestStep: number;
  #mark: string | undefined;
  #lookedAt = 0;
  #still = 0;

  /**
   * @param patience - milliseconds that it must have stood still
   * @param longestStep - milliseconds between two looks that count at most: the rest is time in which this process itself, and
   *   whoever holds the lock with it, may have stood still
   */
  constructor(lock: string, { patience, longestStep }: { patience: number; longestStep: number }) {
    this.#lock = lock;
    this.#patience = patience;
    this.#longestStep = longestStep;
  }

  /** Looks, and removes the lock if it stood still for too long. @throws the system's error when it can't */
  async look(): Promise<void> {
    const stats = await unlessMissing(lstat(this.#lock, { bigint: true }));
    const mark = stats && [stats.dev, stats.ino, stats.mtimeNs].join(':');
    const now = performance.now();
    const step = Math.min(now - this.#lookedAt, this.#longestStep);
    this.#still = mark === this.#mark ? this.#still + step : 0;
    this.#mark = mark;
    this.#lookedAt = now;
    if (mark !== undefined && this.#still > this.#patience) await unlessMissing(rmdir(this.#lock));
  }
}
