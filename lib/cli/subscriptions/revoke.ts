import type { Command } from 'commander';
import type { SubscriptionInfo, UnusableUser } from '../../index.js';
import { dropSubscription } from '../../influxql.js';
import type { Terminal } from '../terminal.js';
import type { OpenSubscriptions } from './with-subscriptions.js';
import { withSubscriptions } from './with-subscriptions.js';

const NOTES = `
Run the printed statements in InfluxDB, so that it stops pushing; the token is refused from now on.`;

export function addRevokeCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('revoke [ids...]')
    .description('end subscriptions, and print the statements that drop them in InfluxDB')
    .option('--db <database>', 'all of a database')
    .addHelpText('after', NOTES)
    .action(async (ids: readonly string[], { db }: { db?: string }, command: Command) => {
      if ((ids.length === 0) === (db === undefined)) {
        command.error('error: give the ids that "subscriptions list" shows, or --db, not both');
      }
      await withSubscriptions(command, terminal, async (open) => {
        const { meant, damaged } = await find(open, { ids, database: db });
        for (const subscription of meant) await revoke(open, subscription, terminal);
        for (const id of damaged) {
          await open.subscriptions.revoke(id);
          terminal.stderr.write(`revoked ${id}, which was damaged, in ${open.location}\n`);
        }
      });
    });
}

/** The subscriptions to revoke. */
interface Meant {
  readonly meant: readonly SubscriptionInfo[];
  /** The ids of damaged ones. */
  readonly damaged: readonly string[];
}

/** @throws Error if one does not exist; then nothing is revoked */
async function find(
  { subscriptions, location }: OpenSubscriptions,
  { ids, database }: { readonly ids: readonly string[]; readonly database: string | undefined },
): Promise<Meant> {
  const unusable: string[] = [];
  const onUnusable = ({ name }: UnusableUser): void => void unusable.push(name);
  const found = await subscriptions.list({ database, onUnusable });
  if (database !== undefined) {
    if (found.length > 0) return { meant: found, damaged: [] };
    throw new Error(`there is no subscription of ${JSON.stringify(database)} in ${location}`);
  }
  const known = new Set([...found.map(({ id }) => id), ...unusable]);
  const unknown = ids.find((id) => !known.has(id));
  if (unknown !== undefined)
    throw new Error(`there is no subscription ${JSON.stringify(unknown)} in ${location}`);
  return {
    meant: ids.flatMap((id) => found.filter((each) => each.id === id)),
    damaged: ids.filter((id) => unusable.includes(id)),
  };
}

async function revoke(
  { subscriptions, location }: OpenSubscriptions,
  subscription: SubscriptionInfo,
  { stdout, stderr }: Terminal,
): Promise<void> {
  await subscriptions.revoke(subscription.id);
  const statement = dropSubscription(subscription);
  if (statement !== undefined) stdout.write(`${statement}\n`);
  stderr.write(`revoked ${subscription.id} of ${nameOf(subscription)} in ${location}\n`);
}

function nameOf({ database }: SubscriptionInfo): string {
  return database === '' ? 'every database' : JSON.stringify(database);
}
