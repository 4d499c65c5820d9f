import type { Command } from 'commander';
import { promptPassword } from '../prompt-password.js';
import { AT_A_TERMINAL, readPasswordLine } from '../read-password-line.js';
import type { Terminal } from '../terminal.js';

export const PASSWORD_OPTION: readonly [flags: string, description: string] = [
  '--password-stdin',
  'read the password from the first line of standard input instead of asking for it',
];

/**
 * Returns a function that asks for a user's new password, or reads it. A password is never an
 * argument: other processes and the shell's history would see it.
 *
 * @throws CommanderError if there is neither a terminal nor `--password-stdin`, or if there are
 * both
 */
export function newPassword(
  command: Command,
  terminal: Terminal,
): (name: string) => Promise<string> {
  const isAtTerminal = terminal.stdin.isTTY === true;
  if (command.opts<{ passwordStdin?: true }>().passwordStdin === true) {
    if (isAtTerminal) command.error(`error: ${AT_A_TERMINAL}`);
    return () => readPasswordLine(terminal);
  }
  if (!isAtTerminal) {
    command.error(
      'error: there is no terminal to ask for the password at: give it on standard input with --password-stdin',
    );
  }
  return (name) => promptPassword(terminal, name);
}
