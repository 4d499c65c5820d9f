import type { Command } from 'commander';
import { UnusableUserError } from '../../index.js';
import type { Terminal } from '../terminal.js';
import { existingUser, noSuchUser } from './existing-user.js';
import type { OpenUsers } from './with-users.js';
import { withUsers } from './with-users.js';

const NOTES = `
A damaged user is removed by the name that "users list" shows, in quotes: kapacitor-auth users rm 'am\\xff'`;

export function addRmCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('rm <name>')
    .description('remove a user')
    .option('--force', 'even if no administrator is left')
    .addHelpText('after', NOTES)
    .action(async (name: string, { force = false }: { force?: boolean }, command: Command) => {
      await withUsers(command, terminal, async (open) => {
        const unusable = await isUnusable(open, name);
        const isRemoved = await open.users.delete(name, { force, unusable });
        if (!isRemoved) throw noSuchUser(name, open.location);
        terminal.stdout.write(`removed ${name} from ${open.location}\n`);
      });
    });
}

/**
 * Returns true if a name means a damaged user.
 *
 * @throws Error if there is no user of that name
 */
async function isUnusable(open: OpenUsers, name: string): Promise<boolean> {
  // Bytes that are no text are shown with a backslash; no user has a name with one.
  if (name.includes('\\')) return true;
  try {
    await existingUser(open, name);
    return false;
  } catch (error) {
    if (error instanceof UnusableUserError) return true;
    throw error;
  }
}
