import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { addSqlCommand } from './sql.js';

export function addStoreCommands(program: Command, terminal: Terminal): void {
  const store = program
    .command('store')
    .description('prepare a database for the users of several machines');
  addSqlCommand(store, terminal);
}
