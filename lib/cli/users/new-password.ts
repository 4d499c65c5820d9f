import type { Command } from 'commander';
import { promptPassword } from '../prompt-password.js';
import { AT_A_TERMINAL, readPasswordLine } from '../read-password-line.js';
import type { Terminal } from '../terminal.js';

export const PASSWORD_OPTION: readonly [flags: string, description: string] = [
  '--password-stdin',
  'read the password from the first line of standard input instead of asking for it',
];

/**
 * How a command gets the new password of a user; a password is never an argument, where other processes and the shell's
 * history would see it.
 *
 * @throws CommanderError when there is neither a terminal to ask at nor the option
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
