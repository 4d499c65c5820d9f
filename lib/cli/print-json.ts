import type { Writable } from 'node:stream';

/** Writes a value for scripts. */
export function printJson(stream: Writable, value: unknown): void {
  stream.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
