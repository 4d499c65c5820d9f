import { StoreUnavailableError } from '../../errors.js';
import { systemErrorCode } from '../../system-error.js';
import { pathFailure } from '../rules/path-failure.js';
import { UserFileError } from './user-file-format.js';

/** Turns an error of the file into the one that callers see; other errors stay as they are. */
export function fileFailure(path: string, error: unknown): Error {
  if (!(error instanceof UserFileError)) return pathFailure('the user file', path, error);
  const message = `the user file ${path} can't be used: ${error.message}`;
  return new StoreUnavailableError(message, { cause: error });
}

/** Waits for a file operation; returns undefined if there is no such file. */
export async function unlessMissing<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    return undefined;
  }
}
