import type { Command } from 'commander';
import { loadConfig } from '../../index.js';
import { describeTyped } from '../message-of.js';
import { printJson } from '../print-json.js';
import { printTable } from '../print-table.js';
import type { SourceOptions } from '../source-options.js';
import { authOptions } from '../source-options.js';
import { stderrLogger } from '../stderr-logger.js';
import type { Terminal } from '../terminal.js';
import { optionTable } from './option-table.js';

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
      const logger = stderrLogger(terminal);
      const options = describeTyped(loadConfig({ ...authOptions(source), logger }));
      if (json === true) printJson(terminal.stdout, options);
      else printTable(terminal.stdout, optionTable(options));
    });
}
