import type { Command } from 'commander';
import type { UnusableUser } from '../../index.js';
import { formatTable } from '../table.js';
import type { Terminal } from '../terminal.js';
import { withSubscriptions } from './with-subscriptions.js';

interface ListOptions {
  readonly db?: string;
  readonly json?: true;
}

const TITLES = ['ID', 'DATABASE', 'RETENTION POLICY', 'CLUSTER', 'CREATED'];

export function addListCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('list')
    .description('show the subscriptions, without their tokens')
    .option('--db <database>', 'only those of a database')
    .option('--json', 'as a JSON array of objects with id, database, retentionPolicy, ...')
    .action(async ({ db: database, json }: ListOptions, command: Command) => {
      await withSubscriptions(command, terminal, async ({ subscriptions }) => {
        const damaged: UnusableUser[] = [];
        const onUnusable = (each: UnusableUser): void => void damaged.push(each);
        const found = await subscriptions.list({ database, onUnusable });
        const marked = damaged.map(({ name: id, problem }) => ({ id, damaged: problem }));
        const rows = found.map(({ id, database, retentionPolicy = '(all)', cluster, created }) => [
          id,
          database === '' ? '(all)' : database,
          retentionPolicy,
          cluster,
          created,
        ]);
        terminal.stdout.write(
          json === true
            ? `${JSON.stringify([...found, ...marked], undefined, 2)}\n`
            : formatTable([TITLES, ...rows, ...marked.map(({ id }) => [id, 'damaged'])]),
        );
      });
    });
}
