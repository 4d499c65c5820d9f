import type { Command } from 'commander';
import { Option } from 'commander';
import type { Permission, UserType } from '../../index.js';
import { generatePassword } from '../../index.js';
import { notes } from '../notes.js';
import type { Terminal } from '../terminal.js';
import { generateOption, generates } from './generated-password.js';
import { GRANTS_HELP, parseGrant, showMore } from './grants.js';
import { newPassword, PASSWORD_OPTION } from './new-password.js';
import { parsePermissions, PERMISSIONS_HELP, showPermissions } from './permissions.js';
import { tellPassword } from './tell-password.js';
import { withUsers } from './with-users.js';

/** Stands for a password that is yet to be asked for. */
const SOME_PASSWORD = 'some password';

interface AddOptions {
  readonly type: UserType;
  readonly permissions?: readonly Permission[];
  readonly grant?: readonly string[];
  readonly passwordStdin?: true;
  readonly json?: true;
}

export function addAddCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('add <name>')
    .description('add a user; the password is asked for')
    .addOption(
      new Option('--type <type>', 'an administrator may do everything')
        .choices(['admin', 'normal'])
        .default('normal'),
    )
    .option(
      '--permissions <list>',
      'what a normal user may do, such as api,write_points',
      parsePermissions,
    )
    .option(
      '--grant <grant>',
      'what a normal user may do besides, such as write:database/telegraf; may be repeated',
      parseGrant,
    )
    .option(...PASSWORD_OPTION)
    .addOption(generateOption())
    .option('--json', 'as a JSON object with name, type, permissions and a generated password')
    .addHelpText('after', notes(`${PERMISSIONS_HELP}\n${GRANTS_HELP}`))
    .action(async (name: string, options: AddOptions, command: Command) => {
      const { type, permissions, grant: grants, passwordStdin, json } = options;
      const made = generates(command) ? generatePassword() : undefined;
      const ask = made === undefined ? newPassword(command, terminal) : () => made;
      await withUsers(command, terminal, async ({ users, location }) => {
        // Comes before the store is opened: that creates a store if there is none.
        const given = made ?? (passwordStdin === true ? await ask(name) : undefined);
        users.check({ name, password: given ?? SOME_PASSWORD, type, permissions, grants });
        if ((await users.get(name)) !== undefined) {
          throw new Error(`there is a user ${JSON.stringify(name)} in ${location} already`);
        }
        const password = given ?? (await ask(name));
        const user = await users.create({ name, password, type, permissions, grants });
        const added = `added ${name} (${type}; permissions: ${showPermissions(user)}${showMore(user)}) to ${location}`;
        tellPassword(terminal, { said: added, user, password: made, json });
      });
    });
}
