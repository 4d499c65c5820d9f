import { open, stat } from 'node:fs/promises';
import { StoreUnavailableError } from '../../errors.js';
import { systemErrorCode } from '../../system-error.js';
import { pathFailure } from '../rules/path-failure.js';

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
    throw pathFailure('the user database', path, error);
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
