import type { Writable } from 'node:stream';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { systemErrorCode } from '../system-error.js';

/** The watch over the output of a command. */
export interface WatchedOutput {
  /**
   * Waits until everything is written, and ends the watch.
   *
   * @param milliseconds - the longest wait; no limit if left out
   * @returns the first failure; undefined if there is none, or if the reader left (`EPIPE`), as
   * `head` does
   */
  readonly end: (milliseconds?: number) => Promise<Error | undefined>;
}

/** Keeps a failure of a stream, which would otherwise end the process. */
export function watchOutput(stream: Writable): WatchedOutput {
  let failure: Error | undefined;
  const keep = (error: Error): void => {
    if (systemErrorCode(error) !== 'EPIPE') failure ??= error;
  };
  stream.on('error', keep);
  return {
    end: async (milliseconds) => {
      const written = stream.writableLength > 0 ? print(stream, '').catch(() => undefined) : turn();
      await (milliseconds === undefined ? written : Promise.race([written, delay(milliseconds)]));
      // Node reports a failure after the write that failed.
      await turn();
      stream.off('error', keep);
      return failure;
    },
  };
}

/** Doesn't keep the process from ending. */
function delay(milliseconds: number): Promise<void> {
  return wait(milliseconds, undefined, { ref: false });
}

/**
 * Writes a text.
 *
 * @throws Error if it could not be written
 */
export async function print(stream: Writable, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => {
      if (error) reject(new Error(describeFailure(error), { cause: error }));
      else resolve();
    });
  });
}

/** Returns the message for output that could not be written. */
export function describeFailure(error: Error): string {
  return `the output could not be written: ${systemErrorCode(error) ?? 'unknown'}`;
}
