import type { Command } from 'commander';
import { notes } from '../notes.js';
import type { Terminal } from '../terminal.js';
import { addCheckCommand } from './check.js';
import { addShowCommand } from './show.js';

const NOTES = `
Examples:
  $ kapacitor-auth config check --config /etc/kapacitor/kapacitor.conf
  $ kapacitor-auth config check --upstream http://127.0.0.1:9092
  $ kapacitor-auth config show --json

check goes by the options that serve is to get, such as --upstream. What a server can't have, an app of your own may: --app checks
the configuration for that.

Exit codes:
  0  valid
  1  not valid, or serve would not start
  2  the command line could not be understood`;

export function addConfigCommands(program: Command, terminal: Terminal): void {
  const config = program
    .command('config')
    .description('check the configuration, and show where it comes from')
    .addHelpText('after', notes(NOTES));
  addCheckCommand(config, terminal);
  addShowCommand(config, terminal);
}
