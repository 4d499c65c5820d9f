import type { Command } from 'commander';
import { generatePassword } from '../../index.js';
import type { Terminal } from '../terminal.js';
import { existingUser } from './existing-user.js';
import { generateOption, generates } from './generated-password.js';
import { newPassword, PASSWORD_OPTION } from './new-password.js';
import { tellPassword } from './tell-password.js';
import { withUsers } from './with-users.js';

export function addPasswdCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('passwd <name>')
    .description('change the password of a user; it is asked for')
    .option(...PASSWORD_OPTION)
    .addOption(generateOption())
    .option('--json', 'as a JSON object with name, type, permissions and a generated password')
    .action(async (name: string, { json }: { json?: true }, command: Command) => {
      const made = generates(command) ? generatePassword() : undefined;
      const ask = made === undefined ? newPassword(command, terminal) : () => made;
      await withUsers(command, terminal, async (open) => {
        await existingUser(open, name);
        const user = await open.users.update(name, { password: await ask(name) });
        const said = `changed the password of ${name} in ${open.location}`;
        tellPassword(terminal, { said, user, password: made, json });
      });
    });
}
