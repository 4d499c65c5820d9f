import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { hashPassword, loadConfig } from '../index.js';
import { notes } from './notes.js';
import { promptPassword } from './prompt-password.js';
import { readPasswordLine } from './read-password-line.js';
import type { SourceOptions } from './source-options.js';
import { managementOptions } from './source-options.js';
import { stderrLogger } from './stderr-logger.js';
import type { Terminal } from './terminal.js';

interface HashOptions extends SourceOptions {
  readonly cost?: number;
  readonly passwordStdin?: true;
}

const NOTES = `
At a terminal the password is asked for; else it is the first line of standard input. The hash fits the JSON file of a store
and an Apache htpasswd.

Examples:
  $ kapacitor-auth hash
  $ printf '%s' "$PASSWORD" | kapacitor-auth hash --cost 12

Exit codes:
  0  done
  1  refused or failed
  2  the command line could not be understood`;

export function addHashCommand(program: Command, terminal: Terminal): void {
  program
    .command('hash')
    .description('make a bcrypt hash of a password')
    .option(
      '--cost <cost>',
      'of the hash, 4 to 30, each step doubles the work; else auth.bcrypt-cost of the configuration',
      parseCost,
    )
    .option(
      '--password-stdin',
      'read the password from the first line of standard input, as is done where there is no terminal',
    )
    .addHelpText('after', notes(NOTES))
    .action(async (_options: unknown, command: Command) => {
      const { cost, passwordStdin, ...source } = command.optsWithGlobals<HashOptions>();
      const { stdin, stdout } = terminal;
      const isAsked = stdin.isTTY === true && passwordStdin !== true;
      const used = cost ?? configuredCost(source, terminal);
      const password = await (isAsked ? promptPassword(terminal) : readPasswordLine(terminal));
      stdout.write(`${await hashPassword(password, used)}\n`);
    });
}

function configuredCost(source: SourceOptions, terminal: Terminal): number {
  return loadConfig({ ...managementOptions(source), logger: stderrLogger(terminal) }).auth
    .bcryptCost;
}

function parseCost(value: string): number {
  const cost = Number(value);
  if (/^\d+$/.test(value) && cost >= 4 && cost <= 30) return cost;
  throw new InvalidArgumentError('a cost is a number from 4 to 30.');
}
