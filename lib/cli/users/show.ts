import type { Command } from 'commander';
import { printJson } from '../print-json.js';
import { formatTable } from '../table.js';
import type { Terminal } from '../terminal.js';
import { withAuth } from '../with-auth.js';
import { noSuchUser } from './existing-user.js';
import { showGrants } from './grants.js';
import { showPermissions } from './permissions.js';

export function addShowCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('show <name>')
    .description('show a user, and what its permissions and grants allow on which resource')
    .option(
      '--json',
      'as a JSON object with name, type, permissions, privileges, source and, if any, grants and disabled',
    )
    .action(async (name: string, { json }: { json?: true }, command: Command) => {
      await withAuth(command, terminal, async ({ auth, location }) => {
        const user = await auth.find(name, { disabled: true });
        if (user === undefined) throw noSuchUser(name, location);
        const isDisabled = (await auth.find(name)) === undefined;
        if (json === true) {
          printJson(terminal.stdout, { ...user.toJSON(), ...(isDisabled && { disabled: true }) });
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
            ...(isDisabled ? [['DISABLED', 'yes: every login is refused']] : []),
            ['PERMISSIONS', showPermissions(user)],
            ...(user.grants.length > 0 ? [['GRANTS', showGrants(user)]] : []),
            ...(privileges.length === 0 ? [['PRIVILEGES', 'none']] : privileges),
            ['KEPT IN', location],
          ]),
        );
      });
    });
}
