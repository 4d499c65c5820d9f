import { closeSync, openSync, writeFileSync } from 'node:fs';
import type { DestinationStream } from 'pino';
import { z } from 'zod';

/** A file of lines that only its owner may read. A line that could be written is in the file, whatever happens next. */
export class AuditFile implements DestinationStream {
  readonly #path: string;
  readonly #tell: (problem: string) => void;
  #file: number | undefined;
  #isFailing = false;

  /**
   * @param tell - told once when lines begin to be lost
   * @throws Error when the file can't be opened
   */
  constructor(path: string, tell: (problem: string) => void) {
    this.#path = path;
    this.#tell = tell;
    this.#file = open(path);
  }

  write(line: string): void {
    if (this.#file === undefined) return;
    try {
      writeFileSync(this.#file, line);
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) this.#tell(`the audit log loses lines: ${reasonOf(error)}`);
      this.#isFailing = true;
    }
  }

  /** Goes on in a new file of the same name, after the old one was moved away. */
  reopen(): void {
    if (this.#file === undefined) return;
    try {
      const file = open(this.#path);
      closeSync(this.#file);
      this.#file = file;
    } catch (error) {
      this.#tell(`the audit log goes on in the file it had: ${reasonOf(error)}`);
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

function open(path: string): number {
  return openSync(path, 'a', 0o600);
}

/** What the system says, such as `ENOSPC`. */
export function reasonOf(error: unknown): string {
  return z.object({ code: z.string() }).parse(error).code;
}
