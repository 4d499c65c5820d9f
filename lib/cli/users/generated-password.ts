import type { Command } from 'commander';
import { Option } from 'commander';

/** The option that takes a random password instead of asking for one. */
export function generateOption(): Option {
  return new Option(
    '--generate',
    'make a random password, and print it this once to standard output',
  ).conflicts('passwordStdin');
}

/** Returns true if a command is to make the password. */
export function generates(command: Command): boolean {
  return command.opts<{ generate?: true }>().generate === true;
}
