import type { Command } from 'commander';
import { notes } from '../notes.js';
import type { Terminal } from '../terminal.js';
import { addAddCommand } from './add.js';
import { addDisableCommand, addEnableCommand } from './disable.js';
import { addEndSessionsCommand } from './end-sessions.js';
import { addExportCommand } from './export.js';
import { addGrantCommand, addRevokeCommand } from './grants.js';
import { addImportCommand } from './import.js';
import { addListCommand } from './list.js';
import { addPasswdCommand } from './passwd.js';
import { addRenameCommand } from './rename.js';
import { addRmCommand } from './rm.js';
import { addSetCommand } from './set.js';
import { addShowCommand } from './show.js';

const COMMANDS = [
  addListCommand,
  addShowCommand,
  addAddCommand,
  addSetCommand,
  addGrantCommand,
  addRevokeCommand,
  addPasswdCommand,
  addDisableCommand,
  addEnableCommand,
  addEndSessionsCommand,
  addRenameCommand,
  addRmCommand,
  addImportCommand,
  addExportCommand,
];

const NOTES = `
Changes count at once, also in servers and apps that run on the same store.

Examples:
  $ kapacitor-auth users add amy --permissions api,write_points
  $ kapacitor-auth users set amy --type admin
  $ kapacitor-auth users grant amy write:database/telegraf
  $ printf '%s' "$PASSWORD" | kapacitor-auth users passwd amy --password-stdin
  $ kapacitor-auth users disable amy
  $ kapacitor-auth users rm amy
  $ kapacitor-auth users export backup.json

Exit codes:
  0  done
  1  refused or failed
  2  the command line could not be understood`;

export function addUsersCommands(program: Command, terminal: Terminal): void {
  const users = program
    .command('users')
    .description('show and change the users of the store')
    .addHelpText('after', notes(NOTES));
  for (const add of COMMANDS) add(users, terminal);
}
