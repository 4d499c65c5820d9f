import { StoreUnavailableError } from '../../errors.js';
import { systemErrorCode } from '../../system-error.js';
import { UserFileError } from './user-file-format.js';

/** What went wrong and what helps, by the code of the system's error. */
const EXPLANATIONS: ReadonlyMap<string, string> = new Map([
  ['EACCES', "can't be read or written: let this user read the file and write its folder"],
  ['EPERM', 'belongs to another user: run as that user, or give the file to this one'],
  ['EROFS', "can't be written: its file system is read-only"],
  ['ENOSPC', "can't be written: the disk is full"],
  ['EDQUOT', "can't be written: the disk quota is used up"],
  ['ENOENT', 'is in a folder that does not exist: make the folder, or set store.path'],
  ['ELOCKED', 'is locked by another process that keeps changing it: try again'],
]);

/** The error that callers see in place of one of the file's; all others stay as they are. */
export function fileFailure(path: string, error: unknown): Error {
  const problem = problemOf(error);
  if (problem === undefined && error instanceof Error) return error;
  return new StoreUnavailableError(`the user file ${path} ${problem ?? 'failed'}`, {
    cause: error,
  });
}

function problemOf(error: unknown): string | undefined {
  if (error instanceof UserFileError) return `can't be used: ${error.message}`;
  const code = systemErrorCode(error);
  return code && (EXPLANATIONS.get(code) ?? `can't be used (${code})`);
}
