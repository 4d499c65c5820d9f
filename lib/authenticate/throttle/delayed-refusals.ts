import { setTimeout as delay } from 'node:timers/promises';

/** How long a refusal is held, in milliseconds, and how many are at a time. */
const TIME = 250;
const MAX_HELD = 1_024;

/**
 * Holds refusals back for a moment: a client that tries again as soon as it is answered would, at next to no cost for each answer,
 * take all of the event loop from others. Beyond a number of them they are answered at once, so that they fill no memory.
 */
export class DelayedRefusals {
  #held = 0;

  /** Waits as long as a refusal is to be held. */
  async hold(): Promise<void> {
    if (this.#held >= MAX_HELD) return;
    this.#held += 1;
    await delay(TIME);
    this.#held -= 1;
  }
}
