import { readFileSync } from 'node:fs';

/** A file's bytes, or why there are none. */
export type FileContent = Buffer | UnreadableFile;

/** Why a file can't be read. */
export interface UnreadableFile {
  /** Whether there is no such file. */
  readonly missing: boolean;
  readonly reason: string;
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'does not exist'],
  ['ENOTDIR', 'does not exist'],
  ['EACCES', 'may not be read by this process'],
  ['EISDIR', 'is a folder'],
]);

/** Reads a file whole. */
export function readFile(path: string): FileContent {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = codeOf(error);
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    return { missing, reason: REASONS.get(code) ?? `can't be read (${code})` };
  }
}

/** The code of an error of the system, such as `ENOENT`. */
function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
