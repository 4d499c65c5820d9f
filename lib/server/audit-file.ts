import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';
import { systemErrorCode } from '../system-error.js';

/** The modes in which others than its owner may do anything with a file. */
const SHARED = 0o077;

/** A file of lines that only its owner may read. A line that could be written is in the file, whatever happens next. */
export class AuditFile implements DestinationStream {
  readonly #path: string;
  readonly #listeners: AuditFileListeners;
  #file: number | undefined;
  #isFailing = false;
  /** Whether the file ends within a line. */
  #isBroken = false;

  /**
   * @throws Error when the file can't be opened
   */
  constructor(path: string, listeners: AuditFileListeners) {
    this.#path = path;
    this.#listeners = listeners;
    this.#file = this.#open();
  }

  write(line: string): void {
    if (this.#file === undefined) return;
    try {
      this.#write(this.#file, line);
      this.#isFailing = false;
    } catch (error) {
      this.#listeners.lost();
      if (!this.#isFailing)
        this.#listeners.tell(
          `the audit log loses lines: ${systemErrorCode(error) ?? 'an unknown error'}`,
        );
      this.#isFailing = true;
    }
  }

  /** Goes on in a new file of the same name, after the old one was moved away. */
  reopen(): void {
    if (this.#file === undefined) return;
    try {
      const file = this.#open();
      closeSync(this.#file);
      this.#file = file;
      this.#isBroken = false;
    } catch (error) {
      this.#listeners.tell(
        `the audit log goes on in the file it had: ${systemErrorCode(error) ?? 'an unknown error'}`,
      );
    }
  }

  #open(): number {
    const file = openSync(this.#path, 'a', 0o600);
    const found = fstatSync(file);
    // A device keeps nothing, and Windows has no such modes and shows 0666.
    if (found.isFile() && (found.mode & SHARED) !== 0 && process.platform !== 'win32') {
      const who = 'tells who does what and is open to others: set its mode to 0600';
      this.#listeners.tell(`the audit log ${this.#path} ${who}`);
    }
    return file;
  }

  #write(file: number, line: string): void {
    // A full disk may have taken a part of the line before.
    const bytes = Buffer.from(this.#isBroken ? `\n${line}` : line);
    for (let written = 0; written < bytes.length;) {
      written += writeSync(file, bytes, written);
      this.#isBroken = written < bytes.length;
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** Who is told of a file that can't be written. */
export interface AuditFileListeners {
  /** Told once when lines begin to be lost, and where others may read the file. */
  readonly tell: (problem: string) => void;
  /** Told of each line that is lost. */
  readonly lost: () => void;
}
