import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { DestinationStream } from 'pino';
import { systemErrorCode } from '../system-error.js';
import { FileLines } from './file-lines.js';

const { O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY } = constants;

/** Waits neither for the reader of a pipe, nor for one that is slow. */
const APPEND = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK;

/** Mode bits that give anybody but the owner access to a file. */
const SHARED = 0o077;

/** Lines in a row that could not be written. */
interface Gap {
  readonly lost: number;
  readonly since: Date;
}

/** pino's level of a warning. */
const WARNING = 40;

function textOf({ lost, since }: Gap): string {
  const [time, began] = [new Date().toISOString(), since.toISOString()];
  const line = { level: WARNING, time, event: 'lost', lost, since: began, msg: 'audit' };
  return `${JSON.stringify(line)}\n`;
}

/**
 * A file of lines. It is created for its owner alone; an existing file that is open to others gets
 * a warning. A line that was written stays in the file, even if the process ends right after. If
 * lines were lost, the next one that is written stands after a line with their number.
 */
export class AuditFile implements DestinationStream {
  readonly #path: string;
  readonly #listeners: AuditFileListeners;
  readonly #lines = new FileLines();
  #file: number | undefined;
  #isFailing = false;
  /** The lines that are missing, until the file tells of them. */
  #gap: Gap | undefined;

  /** @throws Error if the file can't be opened */
  constructor(path: string, listeners: AuditFileListeners) {
    this.#path = path;
    this.#listeners = listeners;
    this.#file = this.#open();
  }

  write(line: string): void {
    if (this.#file === undefined) return;
    const failure = this.#writeAfterGap(this.#file, line);
    if (failure !== undefined) {
      this.#listeners.lost();
      if (!this.#isFailing)
        this.#listeners.tell(
          `the audit log loses lines: ${systemErrorCode(failure) ?? 'an unknown error'}`,
        );
    }
    this.#isFailing = failure !== undefined;
  }

  /** Writes a line, and before it how many were lost, if any. */
  #writeAfterGap(file: number, line: string): unknown {
    const gap = this.#gap;
    const { whole, failure } = this.#lines.write(
      file,
      `${gap === undefined ? '' : textOf(gap)}${line}`,
    );
    const isTold = gap === undefined || whole > 0;
    if (isTold) this.#gap = undefined;
    if (failure !== undefined) {
      const { lost, since } = this.#gap ?? { lost: 0, since: new Date() };
      this.#gap = { lost: lost + 1, since };
    }
    return failure;
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
    const file = openSync(this.#path, APPEND, 0o600);
    const found = fstatSync(file);
    // Leaves out devices, which keep nothing, and Windows, which has no such modes and shows 0666.
    if (found.isFile() && (found.mode & SHARED) !== 0 && process.platform !== 'win32') {
      const who = 'tells who does what and is open to others: set its mode to 0600';
      this.#listeners.tell(`the audit log ${this.#path} ${who}`);
    }
    return file;
  }

  /** Tells of the lines that are still missing, if it can. */
  close(): void {
    if (this.#file === undefined) return;
    if (this.#gap !== undefined) this.#lines.write(this.#file, textOf(this.#gap));
    this.#gap = undefined;
    closeSync(this.#file);
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
