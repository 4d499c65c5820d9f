import { mkdtempSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../lib/cli/run.js';
import { kapacitorAuth } from '../../lib/index.js';
import { basic } from '../support/open-auth.js';
import { MemoryTerminal } from './memory-terminal.js';

/** A command that has ended. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Command lines in a folder of their own, on a store and a configuration there. */
export class CommandLine {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
  store: string = join(this.folder, 'users.db');
  config: string = devNull;

  /** @param input - what comes from a pipe; nothing when left out */
  async run(words: string | readonly string[], input: string | Buffer = ''): Promise<Outcome> {
    return this.runAt(new MemoryTerminal(input), words);
  }

  async runAt(terminal: MemoryTerminal, words: string | readonly string[]): Promise<Outcome> {
    const given = typeof words === 'string' ? words.split(' ') : words;
    const store = given.includes('--store') ? [] : ['--store', this.store];
    const exitCode = await run([...given, '--config', this.config, ...store], terminal);
    return { exitCode, stdout: terminal.stdout.text, stderr: terminal.stderr.text };
  }

  /** Adds a user with the password `NAME-pw`. @param words - the name and options */
  async add(words: string): Promise<void> {
    const [name = ''] = words.split(' ');
    const { stderr } = await this.run(`users add ${words} --password-stdin`, `${name}-pw`);
    expect(stderr).toBe('');
  }

  async users(): Promise<unknown> {
    return JSON.parse((await this.run('users list --json')).stdout);
  }

  async logsIn(name: string, password: string): Promise<boolean> {
    const auth = kapacitorAuth({ configFile: devNull, store: { path: this.store } });
    try {
      await auth.authenticate({ headers: { authorization: basic(name, password) } });
      return true;
    } catch {
      return false;
    } finally {
      await auth.close();
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
