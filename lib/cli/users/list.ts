import type { Command } from 'commander';
import { printJson } from '../print-json.js';
import { printTable } from '../print-table.js';
import type { Terminal } from '../terminal.js';
import { showPermissions } from './permissions.js';
import { withUsers } from './with-users.js';

interface ListOptions {
  readonly pattern?: string;
  readonly json?: true;
}

export function addListCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('list')
    .description('show the users')
    .option('--pattern <pattern>', 'only names that match, such as "team-*" or "b?b"')
    .option('--json', 'as a JSON array of objects with name, type and permissions')
    .action(async ({ pattern, json }: ListOptions, command: Command) => {
      await withUsers(command, terminal, async ({ users }) => {
        const found = await users.list({ pattern });
        const rows = found.map((user) => [user.name, user.type, showPermissions(user)]);
        if (json === true) printJson(terminal.stdout, found);
        else printTable(terminal.stdout, [['NAME', 'TYPE', 'PERMISSIONS'], ...rows]);
      });
    });
}
