import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { buildLib } from '../support/build-lib.js';
import { look, lookForSent } from '../support/leaks.js';

/** The surroundings in which a process runs. */
export interface Surroundings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A process whose output is kept. */
export class Child {
  stdout = '';
  stderr = '';
  readonly process: ChildProcessWithoutNullStreams;
  /** The exit code; null after a signal. */
  readonly exited: Promise<number | null>;

  constructor(command: string, words: readonly string[], { cwd, env }: Surroundings) {
    const { PATH = '' } = process.env;
    this.process = spawn(command, words, {
      cwd,
      env: { PATH, HOME: cwd, KAPACITOR_CONFIG_PATH: devNull, ...env },
    });
    this.process.stdout.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.process.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.exited = once(this.process, 'close').then(([exitCode]: (number | null)[]) => {
      lookForSent('the output of a process', this.stdout);
      look('the errors of a process', this.stderr);
      return exitCode ?? null;
    });
  }

  get output(): string {
    return this.stdout + this.stderr;
  }

  /** Waits until the output matches. @throws Error if the process ends before, or says nothing of it for a minute */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (let look = 0; look < 6_000; look += 1) {
      const match = pattern.exec(this.output);
      if (match !== null) return match;
      if (this.process.exitCode !== null || this.process.signalCode !== null) {
        throw new Error(`ended without ${String(pattern)}: ${this.output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`waited in vain for ${String(pattern)}: ${this.output}`);
  }
}

/** The command line as it is installed: built, beside the package's manifest. */
export function installedMain(): string {
  return join(buildLib(), 'bin/main.js');
}
