import type { MaybePromise } from '../maybe-promise.js';

/** Milliseconds for which changes by others may stay unknown. */
const EVERY = 1_000;

export interface KeepingUpOptions {
  /** Lets the source look for changes by others. */
  readonly look: () => MaybePromise<void>;
  /**
   * Called while the changes are unknown: when a look begins that takes a while, and after one that
   * failed, which the next look-up reports.
   */
  readonly onUnknown: () => void;
}

/**
 * Lets a source look for changes by others once a second, as this process may have stood still
 * since the last look.
 */
export class KeepingUp {
  readonly #options: KeepingUpOptions;
  /** In milliseconds since 1970: the wall clock goes on while this machine sleeps. */
  #lookedAt = Date.now();
  #looking: Promise<void> | undefined;

  constructor(options: KeepingUpOptions) {
    this.#options = options;
  }

  /** Looks if it is time to. Returns a promise while a look takes: until then, nothing counts. */
  keepUp(): Promise<void> | undefined {
    const now = Date.now();
    if (Math.abs(now - this.#lookedAt) > EVERY) {
      this.#lookedAt = now;
      this.#look();
    }
    return this.#looking;
  }

  #look(): void {
    const { look, onUnknown } = this.#options;
    try {
      const begun = look();
      if (!(begun instanceof Promise)) return;
      onUnknown();
      const looking = begun
        .catch(() => {
          onUnknown();
        })
        .finally(() => {
          if (this.#looking === looking) this.#looking = undefined;
        });
      this.#looking = looking;
    } catch {
      onUnknown();
    }
  }
}
