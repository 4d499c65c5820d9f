import { fstatSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { FileLines } from '../server/file-lines.js';
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
  /** Set if the stream is that of a file: Node takes lines for written that were cut short. */
  readonly #file: number | undefined;
  readonly #fileLines = new FileLines();
  #lost = 0;
  /** The number that the next lines tell, until they are written. */
  #telling = 0;
  #retryAt = -Infinity;

  constructor(stream: Writable, listeners: OutputListeners) {
    this.#stream = stream;
    this.#listeners = listeners;
    this.#file = fileOf(stream);
    stream.on('error', ignore);
  }

  write(text: string): void {
    const lines = { text, count: text.split('\n').length - 1, tells: this.#telling };
    this.#telling = 0;
    if (performance.now() < this.#retryAt) this.#lose(lines);
    else if (this.#stream.writableLength > MAX_WAITING) this.#fail(lines, 'its reader is too slow');
    else if (this.#file === undefined) this.#writeToStream(lines);
    else this.#writeToFile(lines, this.#file);
  }

  close(): void {
    // Lines that still wait may fail later.
    setImmediate(() => {
      this.#stream.off('error', ignore);
    });
  }

  #writeToStream(lines: Lines): void {
    this.#stream.write(lines.text, (error) => {
      if (error) this.#fail(lines, systemErrorCode(error) ?? 'unknown');
      else this.#recover();
    });
  }

  #writeToFile(lines: Lines, file: number): void {
    const { whole, failure } = this.#fileLines.write(file, lines.text);
    if (failure === undefined) {
      // The listener writes a line of its own.
      queueMicrotask(() => {
        this.#recover();
      });
      return;
    }
    // What they tell is in the first line.
    const tells = whole > 0 ? 0 : lines.tells;
    const left = { ...lines, count: lines.count - whole, tells };
    this.#fail(left, systemErrorCode(failure) ?? 'unknown');
  }

  /** Tells what was lost, unless it would be lost as well. */
  #recover(): void {
    if (this.#lost === 0 || performance.now() < this.#retryAt) return;
    const lost = this.#lost;
    this.#lost = 0;
    this.#telling = lost;
    this.#listeners.recovered(lost);
  }

  #fail(lines: Lines, reason: string): void {
    this.#retryAt = performance.now() + RETRY;
    if (this.#lost === 0) this.#listeners.failed(`the log loses lines: ${reason}`);
    this.#lose(lines);
  }

  #lose({ count, tells }: Lines): void {
    this.#lost += count + tells;
    this.#listeners.lost(count);
  }
}

/** Whole lines. */
interface Lines {
  readonly text: string;
  readonly count: number;
  /** The number of lost lines that one of them tells. */
  readonly tells: number;
}

/** Returns the file that a stream writes to; undefined if it is a pipe, a terminal or a device. */
function fileOf(stream: Writable): number | undefined {
  if (!('fd' in stream) || typeof stream.fd !== 'number') return undefined;
  try {
    return fstatSync(stream.fd).isFile() ? stream.fd : undefined;
  } catch {
    return undefined;
  }
}

function ignore(): void {
  // The callback of each write gets the error, too.
}
