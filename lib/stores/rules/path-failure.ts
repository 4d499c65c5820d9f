import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreUnavailableError } from '../../errors.js';
import { systemErrorCode } from '../../system-error.js';

/** Problem and remedy, by the code of the system's error. */
const EXPLANATIONS: ReadonlyMap<string, string> = new Map([
  ['EACCES', "can't be read or written: let this user read the file and write its folder"],
  ['EPERM', 'belongs to another user: run as that user, or give the file to this one'],
  ['EROFS', "can't be written: its file system is read-only"],
  ['ENOSPC', "can't be written: the disk is full"],
  ['EDQUOT', "can't be written: the disk quota is used up"],
  ['ENOENT', 'is in a folder that does not exist: make the folder, or set store.path'],
  ['ENOTDIR', 'is in a folder that is a file: set store.path'],
  ['ELOOP', "can't be found, as links lead in a circle: mend the links, or set store.path"],
  ['EBUSY', "can't be replaced, as it is mounted by itself: mount its folder, not the file"],
  ['ELOCKED', 'is locked by another process that keeps changing it: try again'],
]);

/** Stands in for the text of `ENOENT` if the folder exists. */
const LEADS_NOWHERE =
  'leads nowhere, though its folder is there: if it is a link, make the folder that it leads to; if it was moved just now, try again';

/** Stands in for the text of `EACCES` if there is no file yet. */
const NOT_MADE = "can't be made: let this user write its folder";

/**
 * Turns an error of the operating system into the one that callers see: what is wrong with the
 * path, and what helps. Other errors stay as they are.
 *
 * @param what - the thing at the path, such as `the user file`
 */
export function pathFailure(what: string, path: string, error: unknown): Error {
  const problem = problemOf(path, error);
  if (problem === undefined && error instanceof Error) return error;
  return new StoreUnavailableError(`${what} ${path} ${problem ?? 'failed'}`, { cause: error });
}

function problemOf(path: string, error: unknown): string | undefined {
  const code = systemErrorCode(error);
  if (code === 'ENOENT' && existsSync(dirname(path))) return LEADS_NOWHERE;
  if (code === 'EACCES' && isMissing(path)) return NOT_MADE;
  return code && (EXPLANATIONS.get(code) ?? `can't be used (${code})`);
}

/** Returns true if there is no file for certain; false if it can't be told. */
export function isMissing(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}
