import type { Writable } from 'node:stream';
import { systemErrorCode } from '../system-error.js';

/** Milliseconds between a failure and the next attempt. */
const RETRY = 1_000;

/** Bytes that may wait for a slow stream. */
const MAX_WAITING = 1_048_576;

/** Listeners for a log that can't be written. */
export interface OutputListeners {
  /**
   * Called when lines begin to be lost, once until they can be written again: a text for operators.
   */
  readonly failed: (problem: string) => void;
  /** Called with the number of lines lost in a row, when a line is written again. */
  readonly recovered: (lost: number) => void;
  /** Called for each loss. */
  readonly lost: (lines: number) => void;
}

/**
 * Writes lines to a stream as long as it takes them, and tries again after a failure. A server goes
 * on without its log.
 */
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
    // Lines that still wait may fail later.
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
  // The callback of each write gets the error, too.
}
