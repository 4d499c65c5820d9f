import { fstatSync, readSync } from 'node:fs';
import { Damage } from '../damage.js';

/** Bytes that are read by their place: a file, or a backup in memory. */
export interface ByteSource {
  /** True if nobody changes the bytes while they are read. */
  readonly isStill: boolean;
  /** The length now, in bytes: another process may let a file grow. */
  size(): number;
  /**
   * Fills the target with the bytes from an offset on.
   *
   * @throws Damage if there are fewer
   */
  read(offset: number, target: Uint8Array): void;
}

/** Reads a file that is open. @param descriptor - stays open, and the caller closes it */
export function fileSource(descriptor: number): ByteSource {
  return {
    isStill: false,
    size: () => fstatSync(descriptor).size,
    read(offset, target) {
      for (let done = 0; done < target.length;) {
        const count = readSync(descriptor, target, done, target.length - done, offset + done);
        if (count === 0) throw endsAt(offset + done);
        done += count;
      }
    },
  };
}

/** Reads bytes in memory, such as the answer to a backup. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    isStill: true,
    size: () => bytes.length,
    read(offset, target) {
      if (offset + target.length > bytes.length) throw endsAt(bytes.length);
      target.set(bytes.subarray(offset, offset + target.length));
    },
  };
}

function endsAt(offset: number): Damage {
  return new Damage(`the file ends after ${String(offset)} bytes`);
}
