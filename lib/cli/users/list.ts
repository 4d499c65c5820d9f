import type { Command } from 'commander';
import type { UnusableUser, UserInfo } from '../../index.js';
import { printJson } from '../print-json.js';
import { printTable } from '../print-table.js';
import type { Terminal } from '../terminal.js';
import { showGrants } from './grants.js';
import type { ListFilters } from './list-filters.js';
import { addListFilters, listFilter } from './list-filters.js';
import { showPermissions } from './permissions.js';
import { withUsers } from './with-users.js';

interface ListOptions extends ListFilters {
  readonly pattern?: string;
  readonly grants?: true;
  readonly long?: true;
  readonly json?: true;
}

/** The name of a column, and its text of each user. */
type Column = readonly [head: string, show: (user: UserInfo) => string];

const COLUMNS: readonly Column[] = [
  ['NAME', ({ name }) => name],
  ['TYPE', ({ type, disabled }) => (disabled === true ? `${type}, disabled` : type)],
  ['PERMISSIONS', showPermissions],
];

const GRANTS: Column = ['GRANTS', showGrants];

const TIMES: readonly Column[] = [
  ['CREATED', ({ created = '-' }) => created],
  ['CHANGED', ({ changed = '-' }) => changed],
];

export function addListCommand(parent: Command, terminal: Terminal): void {
  addListFilters(
    parent
      .command('list')
      .description('show the users')
      .option('--pattern <pattern>', 'only names that match, such as "team-*" or "b?b"'),
  )
    .option('--grants', 'with the grants of each')
    .option('--long', 'with grants, and the times at which each was added and last changed')
    .option(
      '--json',
      'as a JSON array of objects with name, type, permissions and, if any, grants and disabled; with --long, created and changed; of a damaged user with name and damaged',
    )
    .action(async ({ pattern, grants, long, json, ...filters }: ListOptions, command: Command) => {
      await withUsers(command, terminal, async ({ users }) => {
        const damaged: UnusableUser[] = [];
        const onUnusable = (user: UnusableUser): void => void damaged.push(user);
        const all = await users.list({ pattern, onUnusable, times: long === true });
        const filter = listFilter(filters);
        const found = filter === undefined ? all : all.filter(filter);
        // Nobody knows if a damaged user would pass a filter.
        const shown = filter === undefined ? damaged : [];
        if (json === true) {
          const marked = shown.map(({ name, problem }) => ({ name, damaged: problem }));
          printJson(terminal.stdout, [...found, ...marked]);
          return;
        }
        const columns = [
          ...COLUMNS,
          ...(grants === true || long === true ? [GRANTS] : []),
          ...(long === true ? TIMES : []),
        ];
        const rows = found.map((user) => columns.map(([, show]) => show(user)));
        const marked = shown.map(({ name, problem }) => [name, 'damaged', problem]);
        printTable(terminal.stdout, [columns.map(([head]) => head), ...rows, ...marked]);
      });
    });
}
