import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { existingUser } from './existing-user.js';
import { withUsers } from './with-users.js';

const DISABLE_NOTES = `
Every login of a disabled user is refused like a wrong password, and its tokens and sessions end at once. The user keeps the password
and the permissions: "users enable" gives them back.`;

export function addDisableCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('disable <name>')
    .description('let a user log in no more, and keep all else')
    .option('--force', 'even if no administrator is left')
    .addHelpText('after', DISABLE_NOTES)
    .action(async (name: string, { force = false }: { force?: boolean }, command: Command) => {
      await withUsers(command, terminal, async (open) => {
        await existingUser(open, name);
        await open.users.update(name, { disabled: true }, { force });
        terminal.stdout.write(
          `disabled ${name} in ${open.location}; its tokens and sessions end now\n`,
        );
      });
    });
}

export function addEnableCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('enable <name>')
    .description('let a disabled user log in again, with the password of before')
    .action(async (name: string, _options: unknown, command: Command) => {
      await withUsers(command, terminal, async (open) => {
        await existingUser(open, name);
        await open.users.update(name, { disabled: false });
        terminal.stdout.write(`enabled ${name} in ${open.location}\n`);
      });
    });
}
