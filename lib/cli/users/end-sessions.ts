import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { existingUser } from './existing-user.js';
import { withUsers } from './with-users.js';

export function addEndSessionsCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('end-sessions <name>')
    .description('end all sessions of a user on pages')
    .addHelpText('after', '\nThe user must log in again on pages. Password and tokens stay.')
    .action(async (name: string, _options: unknown, command: Command) => {
      await withUsers(command, terminal, async (open) => {
        await existingUser(open, name);
        await open.users.endSessions(name);
        terminal.stdout.write(`ended all sessions of ${name} in ${open.location}\n`);
      });
    });
}
