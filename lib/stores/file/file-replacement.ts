import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StoreUnavailableError } from '../../errors.js';
import { systemErrorCode } from '../../system-error.js';
import { unlessMissing } from './failure.js';

/** Only the owner may read and write. */
const MODE = 0o600;

/**
 * Replaces a file as a whole or not at all, durably, and never from an outdated state. Its steps:
 * begin, read the file, write its new content, see that it is still what was read, commit, end.
 *
 * The new file exists from the beginning, under a name of its own. The first step removes those of
 * all others. Two processes may both believe that they hold the lock: one was stopped so long that
 * its lock went stale. Then the one that began first can't commit once the other has read, as its
 * file is gone. The leftovers of a killed process go the same way.
 */
export class FileReplacement {
  readonly #path: string;
  readonly #temporary: string;
  readonly #file: FileHandle;

  private constructor(path: string, temporary: string, file: FileHandle) {
    this.#path = path;
    this.#temporary = temporary;
    this.#file = file;
  }

  static async begin(path: string): Promise<FileReplacement> {
    const temporary = `${path}.${randomUUID()}.tmp`;
    const file = await open(temporary, 'wx', MODE);
    const replacement = new FileReplacement(path, temporary, file);
    try {
      await replacement.#removeOthers();
    } catch (error) {
      await replacement.end();
      throw error;
    }
    return replacement;
  }

  /** Resolves once the new content is on the disk, beside the present file. */
  async write(text: string): Promise<void> {
    await this.#keepOwner();
    // Writes on, and fails, if a full disk took only a part. Others write once and lose the rest.
    await this.#file.writeFile(text);
    await this.#file.sync();
    await this.#file.close();
  }

  /** Resolves once the file has the written content for good. */
  async commit(): Promise<void> {
    await rename(this.#temporary, this.#path).catch((cause: unknown) => {
      if (systemErrorCode(cause) !== 'ENOENT') throw cause;
      throw new StoreUnavailableError(
        `another process has taken over the user file ${this.#path}: try again`,
        { cause },
      );
    });
    await syncFolder(dirname(this.#path));
  }

  /** Removes the temporary file, if there was no commit. */
  async end(): Promise<void> {
    await this.#file.close();
    await rm(this.#temporary, { force: true });
  }

  async #removeOthers(): Promise<void> {
    const folder = dirname(this.#path);
    const prefix = `${basename(this.#path)}.`;
    const own = basename(this.#temporary);
    for (const name of await readdir(folder)) {
      const isOther = name !== own && name.startsWith(prefix) && name.length === own.length;
      if (isOther && name.endsWith('.tmp')) await rm(join(folder, name), { force: true });
    }
  }

  /** Keeps the owner: an administrator's command must not take the file away from the service. */
  async #keepOwner(): Promise<void> {
    const owner = await unlessMissing(stat(this.#path));
    const { uid } = await this.#file.stat();
    if (owner !== undefined && owner.uid !== uid) await this.#file.chown(owner.uid, owner.gid);
  }
}

/** Makes a rename in a folder durable. */
async function syncFolder(path: string): Promise<void> {
  // Windows can't open a folder.
  if (process.platform === 'win32') return;
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
