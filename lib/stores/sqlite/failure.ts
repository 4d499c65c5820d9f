import { StoreUnavailableError } from '../../errors.js';

/** SQLite's result code if another connection holds the lock. */
const BUSY = 5;

const NOT_OPENED = "can't be opened: let this user read and write the file and its folder";

const DAMAGED = 'is damaged: restore it from a backup';

/** Problem and remedy, by SQLite's primary result code (https://sqlite.org/rescode.html). */
const EXPLANATIONS: ReadonlyMap<number, string> = new Map([
  // libsql gives no code if it can't open a file at all.
  [0, NOT_OPENED],
  [BUSY, 'is locked by another program: end its transaction and try again'],
  [8, "can't be written: let this user write the file and its folder, where SQLite keeps its log"],
  [10, "can't be read or written: its disk or file system fails"],
  [11, DAMAGED],
  [13, "can't be written: the disk is full"],
  [14, NOT_OPENED],
  [26, 'is not a SQLite database and was left as it is: set store.path to another file'],
]);

/** Turns an error of SQLite, which becomes the cause, into the one that callers see. */
export function databaseFailure(path: string, error: unknown): StoreUnavailableError {
  const code = primaryCode(error);
  const explanation = EXPLANATIONS.get(code) ?? `failed (SQLite's result code ${String(code)})`;
  return new StoreUnavailableError(`the user database ${path} ${explanation}`, { cause: error });
}

/** Makes the error for a database with content that SQLite never wrote there. */
export function damagedDatabase(path: string): StoreUnavailableError {
  return new StoreUnavailableError(`the user database ${path} ${DAMAGED}`);
}

/** Returns true if a failure may pass once another connection lets go of its lock. */
export function isBusy(error: unknown): boolean {
  return error instanceof StoreUnavailableError && primaryCode(error.cause) === BUSY;
}

/** The low byte of SQLite's result code, without the details; 0 if there is no code. */
function primaryCode(error: unknown): number {
  const hasCode = typeof error === 'object' && error !== null && 'rawCode' in error;
  return hasCode ? Number(error.rawCode) & 0xff : 0;
}
