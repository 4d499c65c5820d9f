import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds for which a refusal is delayed, and the limit of delayed refusals. */
const TIME = 250;
const MAX_HELD = 1_024;

/**
 * Delays refusals: a client that retries at once would monopolise the event loop. At most MAX_HELD
 * wait, to bound memory; the others are answered at once.
 */
export class DelayedRefusals {
  #held = 0;

  async hold(): Promise<void> {
    if (this.#held >= MAX_HELD) return;
    this.#held += 1;
    await delay(TIME);
    this.#held -= 1;
  }
}
