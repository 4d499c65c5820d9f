import { setTimeout as delay } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { systemErrorCode } from '../../system-error.js';
import { futureLock, lockTrouble } from './lock-trouble.js';
import { LockWatch } from './lock-watch.js';

/** Milliseconds after which the lock of a dead process no longer counts. */
const STALE = 5000;

/** Milliseconds between two signs of life from the process that holds the lock. */
const UPDATE = 1000;

/** Milliseconds between two attempts, at most. */
const RETRY_INTERVAL = 20;

/**
 * Does some work while no other process works under the lock of the same file (`<path>.lock`).
 *
 * @param path - the real path of the file, so that all agree on it; the file need not exist
 * @param timeout - milliseconds to wait for the lock
 * @throws an error of code `ELOCKED` if the lock could not be had in time; UserFileError if
 *   something else is in its place, or if its time lies in the future
 */
export async function withFileLock<T>(
  path: string,
  timeout: number,
  work: () => Promise<T>,
): Promise<T> {
  const release = await acquire(path, performance.now() + timeout);
  try {
    return await work();
  } finally {
    // The work is done; a lock that can't be removed goes stale.
    await release().catch(() => undefined);
  }
}

async function acquire(path: string, deadline: number): Promise<() => Promise<void>> {
  const folder = `${path}.lock`;
  const watch = new LockWatch(folder, { patience: STALE, longestStep: UPDATE });
  for (;;) {
    try {
      // A lock lost meanwhile is no danger: see FileReplacement.
      const onCompromised = (): void => undefined;
      return await lock(path, { realpath: false, stale: STALE, update: UPDATE, onCompromised });
    } catch (error) {
      const trouble = await lockTrouble(folder);
      if (trouble !== undefined) throw trouble;
      if (systemErrorCode(error) !== 'ELOCKED') throw error;
      if (performance.now() >= deadline) throw (await futureLock(folder, STALE)) ?? error;
    }
    await watch.look();
    await delay(Math.random() * RETRY_INTERVAL);
  }
}
