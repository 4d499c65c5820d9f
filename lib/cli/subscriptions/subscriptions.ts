import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { addGrantCommand } from './grant.js';
import { addListCommand } from './list.js';
import { addRevokeCommand } from './revoke.js';

const COMMANDS = [addGrantCommand, addListCommand, addRevokeCommand];

const NOTES = `
With a token an InfluxDB may write to one retention policy of a database, or with --all to every
database, and do nothing else. Changes
count at once, also in servers and apps that run on the same store.

Examples:
  $ kapacitor-auth subscriptions grant --db telegraf --url http://gateway:9095
  $ kapacitor-auth subscriptions grant --all --path
  $ kapacitor-auth subscriptions list
  $ kapacitor-auth subscriptions revoke 5f2b6a1c9d3e4f70
  $ kapacitor-auth subscriptions revoke --db telegraf

Exit codes: 0 done; 1 refused or failed; 2 the command line could not be understood.`;

export function addSubscriptionsCommands(program: Command, terminal: Terminal): void {
  const subscriptions = program
    .command('subscriptions')
    .description('let InfluxDB push points, with tokens that are kept in the store')
    .addHelpText('after', NOTES);
  for (const add of COMMANDS) add(subscriptions, terminal);
}
