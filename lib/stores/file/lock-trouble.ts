import { lstat, readdir } from 'node:fs/promises';
import { unlessMissing } from './failure.js';
import { UserFileError } from './user-file-format.js';

/**
 * Finds a thing that blocks the place of a lock for good, so that nobody waits for it; undefined if
 * it is a lock, or gone.
 */
export async function lockTrouble(lock: string): Promise<UserFileError | undefined> {
  const stats = await unlessMissing(lstat(lock));
  if (stats === undefined) return undefined;
  if (!stats.isDirectory()) {
    const kind = stats.isSymbolicLink() ? 'a link' : 'a file';
    return new UserFileError(`its lock ${lock} is ${kind} in place of a folder: remove it`);
  }
  const entries = await unlessMissing(readdir(lock));
  if (entries === undefined || entries.length === 0) return undefined;
  return new UserFileError(
    `its lock ${lock} is a folder with something in it that no lock has: remove it`,
  );
}

/**
 * Returns an error if the time of a lock lies in the future.
 *
 * @param least - milliseconds that count as the future; clocks differ
 */
export async function futureLock(lock: string, least: number): Promise<UserFileError | undefined> {
  const stats = await unlessMissing(lstat(lock));
  if (stats === undefined || stats.mtimeMs <= Date.now() + least) return undefined;
  return new UserFileError(
    `its lock ${lock} bears a time in the future: if no process changes users, remove it; set the clocks of all machines that do`,
  );
}
