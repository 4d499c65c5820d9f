import { setTimeout as delay } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { systemErrorCode } from '../../system-error.js';
import { futureLock, lockTrouble } from './lock-trouble.js';
import { LockWatch } from './lock-watch.js';

/** Milliseconds after which the lock of a process that died counts for nothing. */
const STALE = 5000;

/** Milliseconds between two signs of life of who holds the lock. */
const UPDATE = 1000;

/** Milliseconds between two tries, at most. */
const RETRY_INTERVAL = 20;

/**
 * Does some work while no other process does any under the lock of the same file (`<path>.lock`).
 *
 * @param path - the file, which need not exist; its real path, that all may agree on it
 * @param timeout - milliseconds to wait for the lock
 * @throws an error of code `ELOCKED` when it could not be had in time; UserFileError when something else is in its place, or it
 *   bears a time in the future
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
    // What was done is done; a lock that can't be removed goes stale.
    await release().catch(() => undefined);
  }
}

async function acquire(path: string, deadline: number): Promise<() => Promise<void>> {
  const folder = `${path}.lock`;
  const watch = new LockWatch(folder, { patience: STALE, longestStep: UPDATE });
  for (;;) {
    try {
      // A lock that was lost meanwhile is no danger: see FileReplacement.
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
