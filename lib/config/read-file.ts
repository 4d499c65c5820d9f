import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A file's bytes, or why there are none. */
export type FileContent = Buffer | UnreadableFile;

/** Why a file can't be read. */
export interface UnreadableFile {
  /** Whether there is no such file. */
  readonly missing: boolean;
  readonly reason: string;
}

const systemError = z.object({ code: z.string() });

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
    const { code } = systemError.parse(error);
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    return { missing, reason: REASONS.get(code) ?? `can't be read (${code})` };
  }
}
