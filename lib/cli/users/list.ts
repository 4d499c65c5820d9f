import type { Command } from 'commander';
import type { UnusableUser } from '../../index.js';
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
    .option(
      '--json',
      'as a JSON array of objects with name, type and permissions; of a damaged user with name and damaged',
    )
    .action(async ({ pattern, json }: ListOptions, command: Command) => {
      await withUsers(command, terminal, async ({ users }) => {
        const damaged: UnusableUser[] = [];
        const onUnusable = (user: UnusableUser): void => void damaged.push(user);
        const found = await users.list({ pattern, onUnusable });
        if (json === true) {
          const marked = damaged.map(({ name, problem }) => ({ name, damaged: problem }));
          printJson(terminal.stdout, [...found, ...marked]);
          return;
        }
        const rows = found.map((user) => [user.name, user.type, showPermissions(user)]);
        const marked = damaged.map(({ name, problem }) => [name, 'damaged', problem]);
        printTable(terminal.stdout, [['NAME', 'TYPE', 'PERMISSIONS'], ...rows, ...marked]);
      });
    });
}
