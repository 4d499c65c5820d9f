import type { Command } from 'commander';
import type { UnusableUser, UserInfo } from '../../index.js';
import { printJson } from '../print-json.js';
import { printTable } from '../print-table.js';
import type { Terminal } from '../terminal.js';
import { showGrants } from './grants.js';
import { showPermissions } from './permissions.js';
import { withUsers } from './with-users.js';

interface ListOptions {
  readonly pattern?: string;
  readonly grants?: true;
  readonly json?: true;
}

export function addListCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('list')
    .description('show the users')
    .option('--pattern <pattern>', 'only names that match, such as "team-*" or "b?b"')
    .option('--grants', 'with the grants of each')
    .option(
      '--json',
      'as a JSON array of objects with name, type, permissions and, if any, grants; of a damaged user with name and damaged',
    )
    .action(async ({ pattern, grants, json }: ListOptions, command: Command) => {
      await withUsers(command, terminal, async ({ users }) => {
        const damaged: UnusableUser[] = [];
        const onUnusable = (user: UnusableUser): void => void damaged.push(user);
        const found = await users.list({ pattern, onUnusable });
        if (json === true) {
          const marked = damaged.map(({ name, problem }) => ({ name, damaged: problem }));
          printJson(terminal.stdout, [...found, ...marked]);
          return;
        }
        const row = (user: UserInfo): string[] => [
          user.name,
          user.type,
          showPermissions(user),
          ...(grants === true ? [showGrants(user)] : []),
        ];
        const head = ['NAME', 'TYPE', 'PERMISSIONS', ...(grants === true ? ['GRANTS'] : [])];
        const marked = damaged.map(({ name, problem }) => [name, 'damaged', problem]);
        printTable(terminal.stdout, [head, ...found.map(row), ...marked]);
      });
    });
}
