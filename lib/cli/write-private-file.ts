import { randomUUID } from 'node:crypto';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { fileReason } from './file-reason.js';

/** Only the owner may read and write. */
const MODE = 0o600;

/**
 * Writes a file that only its owner may read, as a whole or not at all. It replaces an existing
 * file.
 *
 * @throws Error if it can't be written, or if the path holds something else than a file
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const there = await lstat(path).catch(() => undefined);
  if (there?.isFile() === false) throw new Error(`${path} is not a file`);
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', MODE);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    // In a folder that is closed to this user, that fails as well.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new Error(`${path} can't be written: ${fileReason(error)}`, { cause: error });
  }
}
