import { open, stat } from 'node:fs/promises';
import { StoreUnavailableError } from '../../errors.js';
import type { Logger } from '../../logger.js';
import { systemErrorCode } from '../../system-error.js';
import { warnOnce } from '../../warnings.js';
import { fileFailure } from '../file/failure.js';

/** The mode bits that give others than the owner any access to a file. */
const SHARED = 0o077;

/**
 * Makes an empty file that only its owner may read and write, unless there is a file. Returns the
 * mode of the file.
 *
 * @throws StoreUnavailableError if there is no file at the path and none can be made
 */
export async function ensurePrivateFile(path: string): Promise<number> {
  try {
    await makeUnlessThere(path);
    const file = await stat(path);
    if (!file.isFile()) throw new StoreUnavailableError(`${path} is not a file: set store.path`);
    return file.mode;
  } catch (error) {
    throw fileFailure(path, error);
  }
}

async function makeUnlessThere(path: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.close();
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
  }
}

/**
 * Warns if others than the owner may read or write a file of users.
 *
 * @param mode - the mode of the file
 */
export function warnIfShared(path: string, mode: number, logger: Logger | undefined): void {
  // Windows has no such modes and shows 0666.
  if ((mode & SHARED) === 0 || process.platform === 'win32') return;
  warnOnce(
    'WRN_KAUTH_STORE_FILE_MODE',
    `${path} holds password hashes and is open to others: set its mode to 0600`,
    logger,
  );
}
