import { setTimeout as delay } from 'node:timers/promises';
import { StoreUnavailableError } from '../../errors.js';
import { SerialQueue } from '../rules/serial-queue.js';
import { isBusy } from './failure.js';

/**
 * The wait for the lock of another connection, and the pause between two tries, in milliseconds.
 */
const PATIENCE = 20_000;
const PAUSE = 20;

/** At most so many may stand in line. */
const MOST_WAITING = 1000;

/**
 * A line that waits for the lock of a database. The first in line retries, as a wait within SQLite
 * would stop the event loop and so everybody. The others stand behind it.
 */
export class PatientLine {
  readonly #queue = new SerialQueue();
  #length = 0;

  /**
   * Makes an attempt when its turn comes. It retries while another connection has the lock, for up
   * to twenty seconds from now.
   *
   * @throws StoreUnavailableError if that is not enough, or too many stand in line; whatever
   *   `attempt` throws
   */
  async run<T>(attempt: () => T | Promise<T>): Promise<T> {
    if (this.#length >= MOST_WAITING) {
      throw new StoreUnavailableError('too many changes wait for the lock of the user database');
    }
    const deadline = performance.now() + PATIENCE;
    this.#length += 1;
    try {
      return await this.#queue.run(() => patiently(attempt, deadline));
    } finally {
      this.#length -= 1;
    }
  }
}

async function patiently<T>(attempt: () => T | Promise<T>, deadline: number): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
    }
    await delay(PAUSE);
  }
}
