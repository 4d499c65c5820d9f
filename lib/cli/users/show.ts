import type { Command } from 'commander';
import { printJson } from '../print-json.js';
import { formatTable } from '../table.js';
import type { Terminal } from '../terminal.js';
import { withAuth } from '../with-auth.js';
import { noSuchUser } from './existing-user.js';
import { showPermissions } from './permissions.js';

export function addShowCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('show <name>')
    .description('show a user, and what its permissions allow on which resource')
    .option('--json', 'as a JSON object with name, type, permissions, privileges and source')
    .action(async (name: string, { json }: { json?: true }, command: Command) => {
      await withAuth(command, terminal, async ({ auth, location }) => {
        const user = await auth.find(name);
        if (user === undefined) throw noSuchUser(name, location);
        if (json === true) {
          printJson(terminal.stdout, user);
          return;
        }
        const privileges = Object.entries(user.privileges).map(([resource, names], index) => [
          index === 0 ? 'PRIVILEGES' : '',
          `${names.join(', ')} on ${resource}`,
        ]);
        terminal.stdout.write(
          formatTable([
            ['NAME', user.name],
            ['TYPE', user.type],
            ['PERMISSIONS', showPermissions(user)],
            ...(privileges.length === 0 ? [['PRIVILEGES', 'none']] : privileges),
            ['KEPT IN', location],
          ]),
        );
      });
    });
}
