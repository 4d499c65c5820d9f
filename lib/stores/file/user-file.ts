import { readFile, readlink, realpath, stat } from 'node:fs/promises';
import { statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { systemErrorCode } from '../../system-error.js';
import { warnOnce } from '../../warnings.js';
import { UserMap } from '../in-memory/user-map.js';
import { FileReplacement } from './file-replacement.js';
import { formatUserFile, parseUserFile, UserFileError } from './user-file-format.js';
import type { Logger } from '../../logger.js';

/** Two changes that are no further apart, in milliseconds, can bear the same time. */
const CLOCK_GRAIN = 2000;

/** The modes in which others than its owner may do anything with a file. */
const SHARED = 0o077n;

/** A file of users that others change too. Its calls must not overlap. */
export class UserFile {
  readonly #path: string;
  readonly #logger: Logger;
  /** What was read last, and what it came to. */
  #last: { readonly bytes: Buffer; readonly users: () => UserMap } | undefined;
  /** Tells any later state of the file from the one read last; undefined where it might not. */
  #stamp: string | undefined;

  constructor(path: string, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
  }

  /** False where the file is the one read last, for certain. */
  async mayHaveChanged(): Promise<boolean> {
    if (this.#stamp === undefined) return true;
    const stats = await this.#stat();
    return stats === undefined || stampOf(stats) !== this.#stamp;
  }

  /** The same, at once. */
  mayHaveChangedNow(): boolean {
    if (this.#stamp === undefined) return true;
    try {
      return stampOf(statSync(this.#path, { bigint: true })) !== this.#stamp;
    } catch {
      // Whoever reads it says what is wrong.
      return true;
    }
  }

  /**
   * The users in the file as it is now, none where there never was a file.
   *
   * @throws UserFileError when the file is not what it should be; the system's errors
   */
  async read(): Promise<UserMap> {
    this.#stamp = undefined;
    const stats = await this.#stat();
    if (stats === undefined) return this.#absent();
    if (!stats.isFile()) throw new UserFileError('it is not a file');
    this.#checkMode(stats);
    const users = this.#parse(await readFile(this.#path));
    if (Date.now() - Number(stats.mtimeMs) > CLOCK_GRAIN) this.#stamp = stampOf(stats);
    return users;
  }

  /**
   * Reads the file, has its users edited and replaces it, unless they are left as they were.
   *
   * @param realPath - the path of the file itself, where this one's leads through a symbolic link
   */
  async change<Outcome extends { readonly users: UserMap }>(
    realPath: string,
    edit: (users: UserMap) => Outcome,
  ): Promise<Outcome> {
    const replacement = await FileReplacement.begin(realPath);
    try {
      const users = await this.read();
      const outcome = edit(users);
      if (outcome.users !== users) {
        const text = formatUserFile(outcome.users);
        await replacement.commit(text);
        this.#last = { bytes: Buffer.from(text), users: () => outcome.users };
      }
      return outcome;
    } finally {
      await replacement.end();
    }
  }

  /** The path of the file itself, be it there or not: the same for all who get to it by other ways. */
  async realPath(): Promise<string> {
    return realPathOf(this.#path);
  }

  #parse(bytes: Buffer): UserMap {
    if (this.#last?.bytes.equals(bytes) !== true) this.#last = { bytes, users: parsed(bytes) };
    return this.#last.users();
  }

  async #absent(): Promise<UserMap> {
    // An editor may put it back in a moment; who took it away for good starts anew.
    if (this.#last !== undefined)
      throw new UserFileError('it is gone: put it back, or restart to begin without users');
    await stat(dirname(this.#path));
    return new UserMap();
  }

  async #stat(): Promise<BigIntStats | undefined> {
    try {
      return await stat(this.#path, { bigint: true });
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  #checkMode({ mode }: BigIntStats): void {
    // Windows has no such modes and shows 0666.
    if ((mode & SHARED) === 0n || process.platform === 'win32') return;
    warnOnce(
      'WRN_KAUTH_STORE_FILE_MODE',
      `${this.#path} holds password hashes and is open to others: set its mode to 0600`,
      this.#logger,
    );
  }
}

function parsed(bytes: Uint8Array): () => UserMap {
  try {
    const users = parseUserFile(bytes);
    return () => users;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}

async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
  const target = await readlink(path).catch(() => undefined);
  if (target !== undefined) return realPathOf(resolve(dirname(path), target));
  return join(await realpath(dirname(path)), basename(path));
}
