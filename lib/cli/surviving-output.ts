import type { Writable } from 'node:stream';
import { systemErrorCode } from '../system-error.js';

/** How long after a failure the next attempt is made, in milliseconds. */
const RETRY = 1_000;

/** How much may wait for a stream that is slow, in bytes. */
const MAX_WAITING = 1_048_576;

/** Who is told of a log that can't be written. */
export interface OutputListeners {
  /** Told when lines begin to be lost, once until they can be written again: a text for the operator. */
  readonly failed: (problem: string) => void;
  /** Told how many were lost in a row, when the first one is written again. */
  readonly recovered: (lost: number) => void;
  /** Told of each loss. */
  readonly lost: (lines: number) => void;
}

/** Writes lines to a stream as long as it takes them, and tries again where it did not: a server goes on without its log. */
export class SurvivingOutput {
  readonly #stream: Writable;
  readonly #listeners: OutputListeners;
  #lost = 0;
  #retryAt = -Infinity;

  constructor(stream: Writable, listeners: OutputListeners) {
    this.#stream = stream;
    this.#listeners = listeners;
    stream.on('error', ignore);
  }

  write(lines: string): void {
    if (performance.now() < this.#retryAt) this.#lose(lines);
    else if (this.#stream.writableLength > MAX_WAITING) this.#fail(lines, 'its reader is too slow');
    else this.#attempt(lines);
  }

  close(): void {
    // What still waits may fail later.
    setImmediate(() => {
      this.#stream.off('error', ignore);
    });
  }

  #attempt(lines: string): void {
    this.#stream.write(lines, (error) => {
      if (error) {
        this.#fail(lines, systemErrorCode(error) ?? 'unknown');
      } else if (this.#lost > 0) {
        const lost = this.#lost;
        this.#lost = 0;
        this.#listeners.recovered(lost);
      }
    });
  }

  #fail(lines: string, reason: string): void {
    this.#retryAt = performance.now() + RETRY;
    if (this.#lost === 0) this.#listeners.failed(`the log loses lines: ${reason}`);
    this.#lose(lines);
  }

  #lose(lines: string): void {
    const count = lines.split('\n').length - 1;
    this.#lost += count;
    this.#listeners.lost(count);
  }
}

function ignore(): void {
  // The callback of each write is told too.
}
