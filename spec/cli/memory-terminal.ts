import { PassThrough, Writable } from 'node:stream';
import type { Terminal } from '../../lib/cli/terminal.js';

/** A stream that keeps what is written to it. */
export class Written extends Writable {
  readonly isTTY: boolean;
  text = '';

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** A terminal that a test types at and reads from. */
export class MemoryTerminal implements Terminal {
  readonly stdin: PassThrough & { isTTY?: boolean };
  readonly stdout: Written;
  readonly stderr: Written;

  /** @param input - what comes from a pipe; a person at a terminal when left out */
  constructor(input?: string | Buffer) {
    const isTTY = input === undefined;
    this.stdin = Object.assign(new PassThrough(), { isTTY });
    this.stdout = new Written(isTTY);
    this.stderr = new Written(isTTY);
    if (input !== undefined) this.stdin.end(input);
  }
}
