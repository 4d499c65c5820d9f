import { CommanderError } from 'commander';
import { KapacitorAuthError } from '../index.js';
import { ExitStatus } from './exit-status.js';
import { messageOf } from './message-of.js';
import { describeFailure, watchOutput } from './output-failure.js';
import { printable } from './printable.js';
import { createProgram, createServeProgram } from './program.js';
import { seeAlso } from './see-also.js';
import type { Terminal } from './terminal.js';

/** Exit codes of the process. */
const DONE = 0;
const FAILED = 1;
const USAGE = 2;

/** Milliseconds that a stopped server waits for the reader of its log. */
const LAST_LINES = 2_000;

/**
 * Runs a command line, and reports failures on standard error.
 *
 * @param words - the command line without the program's name
 * @returns the exit code
 */
export async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  const output = watchOutput(terminal.stdout);
  const exitCode = await runCommand(words, terminal);
  const failure = await output.end(isServing(words) ? LAST_LINES : undefined);
  // A server goes on without its log, and reports that itself.
  if (failure === undefined || isServing(words)) return exitCode;
  terminal.stderr.write(`kapacitor-auth: ${describeFailure(failure)}\n`);
  return FAILED;
}

async function runCommand(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const program = isServing(words) ? createServeProgram(terminal) : createProgram(terminal);
    await program.parseAsync(words, { from: 'user' });
    return DONE;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return DONE;
      // For a server only "started or not" counts: service managers treat 2 as they treat 1.
      return isServing(words) ? FAILED : USAGE;
    }
    if (error instanceof ExitStatus) return error.exitCode;
    terminal.stderr.write(
      `kapacitor-auth: ${printable(messageOf(error, words))}\n${helpWith(error)}`,
    );
    return FAILED;
  }
}

/**
 * Names the page about an error that an operator must mend. For wrong input the message is enough.
 */
function helpWith(error: unknown): string {
  return error instanceof KapacitorAuthError && error.status >= 500 ? seeAlso(error.code) : '';
}

/** Options of every command whose value is the next word. */
const VALUED: readonly string[] = ['--config', '--store'];

/** Asks for the help of the whole program before its command; `-h` may have others behind it. */
const HELP = /^(?:--help$|-h)/;

/** Returns true if the command is `serve`; options of every command may stand before it. */
export function isServing(words: readonly string[]): boolean {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (VALUED.includes(word)) index += 1;
    else if (HELP.test(word)) return false;
    else if (!word.startsWith('-')) return word === 'serve';
  }
  return false;
}
