import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

/** The outcome of {@link FileLines.write}. */
export interface WrittenLines {
  /** The number of lines that are in the file as a whole. */
  readonly whole: number;
  /** The reason why not all of them are. */
  readonly failure?: unknown;
}

const LINE_END = 0x0a;

/**
 * Writes lines to a file. The system may write the first part of a text and report the rest as a
 * failure only when that is tried: a full disk cuts a line short. The next one then begins on a
 * line of its own, also in a file that another process left so.
 */
export class FileLines {
  #file: number | undefined;
  /** True if the file ends in the middle of a line. */
  #isBroken = false;

  /** Writes whole lines, as many as the file takes. */
  write(file: number, lines: string): WrittenLines {
    if (file !== this.#file) this.#isBroken = endsWithinLine(file);
    this.#file = file;
    const isBroken = this.#isBroken;
    const bytes = Buffer.from(isBroken ? `\n${lines}` : lines);
    let written = 0;
    try {
      while (written < bytes.length) {
        written += writeSync(file, bytes, written);
        this.#isBroken = bytes[written - 1] !== LINE_END;
      }
      return { whole: linesIn(bytes, isBroken) };
    } catch (failure) {
      // The next write begins with the end that such a line lacks.
      const end = bytes[written] === LINE_END ? written + 1 : written;
      const whole = linesIn(bytes.subarray(0, end), isBroken);
      return end === bytes.length ? { whole } : { whole, failure };
    }
  }

  /** Goes on in another file, which may have the number of the former one. */
  renew(): void {
    this.#file = undefined;
  }
}

/**
 * Reads the end of a file that is open for writing alone by its other name. If it has none, it
 * counts as whole.
 */
function endsWithinLine(file: number): boolean {
  const found = fstatSync(file);
  if (!found.isFile() || found.size === 0) return false;
  try {
    const again = openSync(`/dev/fd/${String(file)}`, 'r');
    try {
      const last = Buffer.alloc(1);
      return readSync(again, last, 0, 1, found.size - 1) === 1 && last[0] !== LINE_END;
    } finally {
      closeSync(again);
    }
  } catch {
    return false;
  }
}

function linesIn(bytes: Buffer, isBroken: boolean): number {
  let ends = 0;
  for (let at = bytes.indexOf(LINE_END); at >= 0; at = bytes.indexOf(LINE_END, at + 1)) ends += 1;
  // The first one ends the line that was cut short before.
  return isBroken && ends > 0 ? ends - 1 : ends;
}
