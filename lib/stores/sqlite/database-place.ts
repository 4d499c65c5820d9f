import { rmSync, statSync } from 'node:fs';

/** A log of more bytes is large, whatever the size of the database. */
const LARGE_LOG = 4 * 1024 * 1024;

/** The files that a database was opened from: others may replace them or take them away. */
export class DatabasePlace {
  readonly #path: string;
  readonly #file: string | undefined;
  /** SQLite's log beside the file, once there is one. */
  #log: string | undefined;

  /** @param path - path of a file that exists, or `:memory:` */
  constructor(path: string) {
    this.#path = path;
    this.#file = identityOf(path);
  }

  /** True if the file at the path still is the one that was opened. */
  get isKept(): boolean {
    if (this.#path === ':memory:') return true;
    this.#log ??= identityOf(`${this.#path}-wal`);
    return this.#file !== undefined && identityOf(this.#path) === this.#file;
  }

  /** True if the log takes more space than the database itself, or than 4 MB. */
  get hasLargeLog(): boolean {
    if (!this.isKept) return false;
    return sizeOf(`${this.#path}-wal`) > Math.min(sizeOf(this.#path), LARGE_LOG);
  }

  /**
   * Removes the log of the file that was opened, if it was left beside another file: SQLite would
   * take its content for changes of that other file, and break it.
   */
  discardLog(): void {
    if (this.isKept || this.#log === undefined || identityOf(`${this.#path}-wal`) !== this.#log)
      return;
    for (const suffix of ['-wal', '-shm']) rmSync(this.#path + suffix, { force: true });
  }
}

/**
 * Device and inode: no other file has these while this file is open. Undefined if they can't be
 * read.
 */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${String(dev)}:${String(ino)}`;
  } catch {
    return undefined;
  }
}

/** In bytes; 0 if there is no such file. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
