import type { Command } from 'commander';
import { loadConfig } from '../../index.js';
import { authOptions } from '../source-options.js';
import type { SourceOptions } from '../source-options.js';
import type { Terminal } from '../terminal.js';

export function addCheckCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('check')
    .description('tell whether the configuration is valid, or every problem that it has')
    .action((_options: unknown, command: Command) => {
      const { configFile } = loadConfig(authOptions(command.optsWithGlobals<SourceOptions>()));
      const source = configFile ?? 'no file, only environment and defaults';
      terminal.stdout.write(`the configuration is valid (${source})\n`);
    });
}
