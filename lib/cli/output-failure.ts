import type { Writable } from 'node:stream';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { systemErrorCode } from '../system-error.js';

/** What became of the output of a command. */
export interface WatchedOutput {
  /**
   * Waits until everything was written, and ends the watch.
   *
   * @param milliseconds - how long it waits at most; for ever when left out
   * @returns the first failure; undefined also where whoever read the output left (`EPIPE`), as `head` does
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
      // A failure is told after the write that failed.
      await turn();
      stream.off('error', keep);
      return failure;
    },
  };
}

/** Nothing has to wait for its end. */
function delay(milliseconds: number): Promise<void> {
  return wait(milliseconds, undefined, { ref: false });
}

/** Writes a text. @throws Error when it could not be written */
export async function print(stream: Writable, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => {
      if (error) reject(new Error(describeFailure(error), { cause: error }));
      else resolve();
    });
  });
}

/** What is said of output that could not be written. */
export function describeFailure(error: Error): string {
  return `the output could not be written: ${systemErrorCode(error) ?? 'unknown'}`;
}
