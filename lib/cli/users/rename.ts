import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { existingUser } from './existing-user.js';
import { withUsers } from './with-users.js';

export function addRenameCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('rename')
    .argument('<old>', 'the name of a user')
    .argument('<new>', 'a name that nobody has')
    .description('give a user another name; password, permissions and all else stay')
    .addHelpText('after', '\nTokens and sessions of the old name end at once.')
    .action(async (name: string, to: string, _options: unknown, command: Command) => {
      await withUsers(command, terminal, async (open) => {
        await existingUser(open, name);
        await open.users.rename(name, to);
        terminal.stdout.write(
          `renamed ${name} to ${to} in ${open.location}; tokens and sessions of ${name} end now\n`,
        );
      });
    });
}
