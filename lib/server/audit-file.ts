import { closeSync, fstatSync, openSync } from 'node:fs';
import type { DestinationStream } from 'pino';
import { systemErrorCode } from '../system-error.js';
import { FileLines } from './file-lines.js';

/** Mode bits that give anybody but the owner access to a file. */
const SHARED = 0o077;

/**
 * A file of lines. It is created for its owner alone; an existing file that is open to others gets
 * a warning. A line that was written stays in the file, even if the process ends right after.
 */
export class AuditFile implements DestinationStream {
  readonly #path: string;
  readonly #listeners: AuditFileListeners;
  readonly #lines = new FileLines();
  #file: number | undefined;
  #isFailing = false;

  /** @throws Error if the file can't be opened */
  constructor(path: string, listeners: AuditFileListeners) {
    this.#path = path;
    this.#listeners = listeners;
    this.#file = this.#open();
  }

  write(line: string): void {
    if (this.#file === undefined) return;
    const { failure } = this.#lines.write(this.#file, line);
    if (failure !== undefined) {
      this.#listeners.lost();
      if (!this.#isFailing)
        this.#listeners.tell(
          `the audit log loses lines: ${systemErrorCode(failure) ?? 'an unknown error'}`,
        );
    }
    this.#isFailing = failure !== undefined;
  }

  /** Continues in a new file of the same name after the old one was moved away. */
  reopen(): void {
    if (this.#file === undefined) return;
    try {
      const file = this.#open();
      closeSync(this.#file);
      this.#file = file;
      this.#lines.renew();
    } catch (error) {
      this.#listeners.tell(
        `the audit log goes on in the file it had: ${systemErrorCode(error) ?? 'an unknown error'}`,
      );
    }
  }

  #open(): number {
    const file = openSync(this.#path, 'a', 0o600);
    const found = fstatSync(file);
    // Leaves out devices, which keep nothing, and Windows, which has no such modes and shows 0666.
    if (found.isFile() && (found.mode & SHARED) !== 0 && process.platform !== 'win32') {
      const who = 'tells who does what and is open to others: set its mode to 0600';
      this.#listeners.tell(`the audit log ${this.#path} ${who}`);
    }
    return file;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** Listeners for problems with the file. */
export interface AuditFileListeners {
  /**
   * Receives a text for the operator: once when lines begin to be lost, and if the file can't be
   * reopened or is open to others.
   */
  readonly tell: (problem: string) => void;
  /** Called for each lost line. */
  readonly lost: () => void;
}
