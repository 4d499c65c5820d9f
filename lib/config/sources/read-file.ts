import type { Stats } from 'node:fs';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { systemErrorCode } from '../../system-error.js';

/** A file's bytes, or why there are none. */
export type FileContent = Buffer | UnreadableFile;

/** A file that can't be read. */
export interface UnreadableFile {
  /** There is no such file. */
  readonly missing: boolean;
  /** The reason in words: `does not exist`. */
  readonly reason: string;
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'does not exist'],
  ['ENOTDIR', 'does not exist'],
  ['EACCES', 'may not be read by this process'],
  ['EISDIR', 'is a folder'],
  ['ELOOP', 'is a link that leads to itself'],
]);

/** More than any configuration or certificate holds, in bytes. */
const MOST_BYTES = 1_048_576;

/**
 * Reads a file whole, at once; never waits for a pipe or a device, and never reads more than 1 MiB.
 *
 * @returns its bytes, or why there are none
 */
export function readFile(path: string): FileContent {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const problem = problemOf(fstatSync(descriptor));
    return problem === undefined ? readFileSync(descriptor) : { missing: false, reason: problem };
  } catch (error) {
    const code = systemErrorCode(error) ?? 'an unknown error';
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    return { missing, reason: REASONS.get(code) ?? `can't be read (${code})` };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function problemOf(stats: Stats): string | undefined {
  if (stats.isDirectory()) return 'is a folder';
  if (!stats.isFile()) return 'is a pipe or a device, not a file';
  return stats.size > MOST_BYTES ? `is larger than ${String(MOST_BYTES)} bytes` : undefined;
}
