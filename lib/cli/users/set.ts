import type { Command } from 'commander';
import { Option } from 'commander';
import type { Permission, UserType } from '../../index.js';
import type { Terminal } from '../terminal.js';
import { existingUser } from './existing-user.js';
import { showMore } from './grants.js';
import { parsePermissions, PERMISSIONS_HELP, showPermissions } from './permissions.js';
import { withUsers } from './with-users.js';

interface SetOptions {
  readonly type?: UserType;
  readonly permissions?: readonly Permission[];
  readonly force?: true;
}

export function addSetCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('set <name>')
    .description('change the type or the permissions of a user')
    .addOption(
      new Option('--type <type>', 'an administrator may do everything').choices([
        'admin',
        'normal',
      ]),
    )
    .option(
      '--permissions <list>',
      'the permissions of a normal user, replacing the present ones',
      parsePermissions,
    )
    .option('--force', 'even if no administrator is left')
    .addHelpText('after', PERMISSIONS_HELP)
    .action(async (name: string, options: SetOptions, command: Command) => {
      const { type, permissions, force = false } = options;
      if (type === undefined && permissions === undefined) {
        command.error('error: nothing to change: give --type, --permissions or both');
      }
      await withUsers(command, terminal, async (open) => {
        await existingUser(open, name);
        const user = await open.users.update(name, { type, permissions }, { force });
        terminal.stdout.write(
          `changed ${name} (${user.type}; permissions: ${showPermissions(user)}${showMore(user)}) in ${open.location}\n`,
        );
      });
    });
}
