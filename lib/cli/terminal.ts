import type { Readable, Writable } from 'node:stream';

/** The streams that a command reads from and writes to. `process` is a Terminal. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined };
  readonly stdout: Writable & { readonly isTTY?: boolean | undefined };
  readonly stderr: Writable & { readonly isTTY?: boolean | undefined };
}
