import type { Command } from 'commander';
import { describeConfig, loadConfig } from '../../index.js';
import { authOptions } from '../source-options.js';
import type { SourceOptions } from '../source-options.js';
import { formatTable } from '../table.js';
import type { Terminal } from '../terminal.js';

interface ShowOptions extends SourceOptions {
  readonly json?: true;
}

export function addShowCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('show')
    .description('show every option, its value (of a secret only whether it is set) and its origin')
    .option('--json', 'as a JSON array of objects with key, value and origin')
    .action((_options: unknown, command: Command) => {
      const { json, ...source } = command.optsWithGlobals<ShowOptions>();
      const options = describeConfig(loadConfig(authOptions(source)));
      const rows = options.map(({ key, value, origin }) => [
        key,
        value === '' ? '""' : String(value),
        origin,
      ]);
      terminal.stdout.write(
        json === true
          ? `${JSON.stringify(options, undefined, 2)}\n`
          : formatTable([['OPTION', 'VALUE', 'ORIGIN'], ...rows]),
      );
    });
}
