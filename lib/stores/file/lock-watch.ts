import { lstat, rmdir } from 'node:fs/promises';
import { unlessMissing } from './failure.js';

/**
 * Watches a lock that others hold. The holder keeps updating the lock's time, by whatever clock. So
 * a lock that stays the same for long was left behind, even if its time lies in our future.
 */
export class LockWatch {
  readonly #lock: string;
  /** In milliseconds. */
  readonly #patience: number;
  readonly #longestStep: number;
  #mark: string | undefined;
  #lookedAt = 0;
  #still = 0;

  /**
   * @param patience - milliseconds for which the lock must have stood still
   * @param longestStep - milliseconds between two looks that count at most. Beyond that, this
   *   process itself, and the holder of the lock with it, may have stood still.
   */
  constructor(lock: string, { patience, longestStep }: { patience: number; longestStep: number }) {
    this.#lock = lock;
    this.#patience = patience;
    this.#longestStep = longestStep;
  }

  /**
   * Looks at the lock, and removes it if it stood still for too long.
   *
   * @throws the system's error if it can't be removed
   */
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
