import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { existingUser } from './existing-user.js';
import { newPassword, PASSWORD_OPTION } from './new-password.js';
import { withUsers } from './with-users.js';

export function addPasswdCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('passwd <name>')
    .description('change the password of a user; it is asked for')
    .option(...PASSWORD_OPTION)
    .action(async (name: string, _options: unknown, command: Command) => {
      const ask = newPassword(command, terminal);
      await withUsers(command, terminal, async (open) => {
        await existingUser(open, name);
        await open.users.update(name, { password: await ask(name) });
        terminal.stdout.write(`changed the password of ${name} in ${open.location}\n`);
      });
    });
}
