import type { Readable } from 'node:stream';

/** Bytes of a line that has not ended. */
const LONGEST = 4_194_304;

const END_OF_LINE = 0x0a;

/**
 * Reads the output of a process, and passes on whole lines only: the lines of several processes
 * then never mix.
 *
 * @param lost - called for a line that never ended, because the process ended in its midst or it is
 *   too long
 */
export function readWholeLines(
  stream: Readable,
  write: (lines: string) => void,
  lost: () => void,
): void {
  let begun: Buffer[] = [];
  let length = 0;
  let isTooLong = false;
  const keep = (rest: Buffer): void => {
    if (rest.length === 0 || isTooLong) return;
    begun.push(rest);
    length += rest.length;
    if (length <= LONGEST) return;
    isTooLong = true;
    begun = [];
    lost();
  };
  stream.on('data', (chunk: Buffer) => {
    const start = isTooLong ? chunk.indexOf(END_OF_LINE) + 1 : 0;
    const end = chunk.lastIndexOf(END_OF_LINE) + 1;
    if (end > 0) {
      const lines = Buffer.concat([...begun, chunk.subarray(start, end)]);
      if (lines.length > 0) write(lines.toString());
      begun = [];
      length = 0;
      isTooLong = false;
    }
    keep(chunk.subarray(end));
  });
  stream.on('end', () => {
    if (begun.length > 0) lost();
  });
  stream.on('error', () => undefined);
}
