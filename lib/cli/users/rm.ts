import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { existingUser } from './existing-user.js';
import { withUsers } from './with-users.js';

export function addRmCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('rm <name>')
    .description('remove a user')
    .option('--force', 'even if no administrator is left')
    .action(async (name: string, { force = false }: { force?: boolean }, command: Command) => {
      await withUsers(command, terminal, async (open) => {
        await existingUser(open, name);
        await open.users.delete(name, { force });
        terminal.stdout.write(`removed ${name} from ${open.location}\n`);
      });
    });
}
