import type { Command } from 'commander';
import { Option } from 'commander';
import type { Permission, UserType } from '../../index.js';
import { readKapacitorBackup } from '../../index.js';
import { notes } from '../notes.js';
import type { Terminal } from '../terminal.js';
import { askBackup } from './ask-backup.js';
import type { BackupOptions } from './backup-source.js';
import { backupRequest, kapacitorUrl, warnOfPlainHttp } from './backup-source.js';
import { bringUsers } from './bring-users.js';
import type { Brought } from './file-users.js';
import { reportImport } from './import-report.js';
import { kapacitorUsers } from './kapacitor-users.js';
import { parsePermissions, PERMISSIONS_HELP } from './permissions.js';
import { runImport } from './run-import.js';
import { withUsers } from './with-users.js';

interface ImportOptions extends BackupOptions {
  readonly type?: UserType;
  readonly permissions?: readonly Permission[];
  readonly update?: true;
  readonly dryRun?: true;
  readonly atomic?: true;
  readonly json?: true;
  readonly replace?: true;
}

const NOTES = `
An htpasswd brings names and bcrypt hashes ("htpasswd -B"); lines with other hashes are left out. --update then replaces
the hash, and the rest only where --type or --permissions is given. A JSON file that has a mistake is not imported at all.

A database of Kapacitor (kapacitor.db), or what "kapacitor backup" wrote, brings users with hashes, types, permissions and grants,
and subscription tokens as digests. Kapacitor may be running. --from asks it for its backup, with --user as one of its administrators,
whose password is asked for. What can't be taken over is named, with the command that does it by hand.

Users are imported one after another, administrators first. Ctrl-C and SIGTERM stop it between two of them; it says how far it came,
and the same command goes on. With --atomic there is nothing in between, and nothing is imported if any user is left out, is there
already without --update, or can't be changed. A long import tells on standard error how far it is.

Examples:
  $ kapacitor-auth users import /etc/nginx/.htpasswd --permissions api
  $ kapacitor-auth users export | kapacitor-auth users import - --store other.db
  $ kapacitor-auth users import users.json --update --dry-run
  $ kapacitor-auth users import /var/lib/kapacitor/kapacitor.db --dry-run
  $ kapacitor-auth users import --from http://127.0.0.1:9092 --user root

Exit codes:
  0  all users of the file are in the store as it says
  1  refused or failed
  2  the command line could not be understood
  3  some were left out, or are there already and stay as they are
  130, 143  stopped by Ctrl-C or SIGTERM: some may be imported`;

export function addImportCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('import [file]')
    .description(
      'add the users of an Apache htpasswd, of what "users export" wrote, or of a kapacitor.db; - is standard input',
    )
    .addOption(
      new Option('--type <type>', 'of the users that an htpasswd brings').choices([
        'admin',
        'normal',
      ]),
    )
    .option('--permissions <list>', 'of the users that an htpasswd brings', parsePermissions)
    .option('--update', 'replace users that are there already')
    .addOption(new Option('--replace', 'the same as --update').implies({ update: true }))
    .option('--atomic', 'all users of the file or none, in one change')
    .option('--dry-run', 'change nothing, tell only what would be done')
    .option(
      '--json',
      'report as a JSON object with added, updated, existing, leftOut, failure and stopped; of a Kapacitor also with renewed and subscriptions',
    )
    .option('--from <url>', 'ask a running Kapacitor for its backup, instead of a file')
    .option('--user <name>', 'an administrator of that Kapacitor')
    .option(
      '--password-stdin',
      'read the password of --user from the first line of standard input instead of asking for it',
    )
    .addHelpText('after', notes(`${PERMISSIONS_HELP}\n${NOTES}`))
    .action(async (file: string | undefined, options: ImportOptions, command: Command) => {
      const { kind, usersFor } = await bring(file, options, command, terminal);
      const rights = rightsOf(options);
      if (kind !== 'htpasswd' && Object.keys(rights).length > 0) {
        command.error('error: --type and --permissions are for an htpasswd: this file says them');
      }
      await withUsers(command, terminal, async ({ config, location, ...open }) => {
        const { update = false, dryRun = false, json = false, atomic = false } = options;
        const brought = usersFor(config.auth.bcryptCost);
        const users =
          kind === 'htpasswd'
            ? brought.users.map((user) => ({ ...user, ...rights }))
            : brought.users;
        const settings = { update, dryRun, atomic, strict: kind === 'export' };
        const { summary, total } = await runImport(open, { ...brought, users }, terminal, settings);
        reportImport(summary, { terminal, location, total, dryRun, json });
      });
    });
}

/** The rights that the command line gives to everybody. */
function rightsOf({
  type,
  permissions,
}: ImportOptions): Pick<ImportOptions, 'type' | 'permissions'> {
  return {
    ...(type !== undefined && { type }),
    ...(permissions !== undefined && { permissions }),
  };
}

/** Reads the users of a file, or asks a Kapacitor for them. */
async function bring(
  file: string | undefined,
  options: BackupOptions,
  command: Command,
  terminal: Terminal,
): Promise<Brought> {
  const { from, user, passwordStdin } = options;
  if (from !== undefined && file === undefined) {
    const url = kapacitorUrl(from, command);
    warnOfPlainHttp(url, terminal);
    const request = await backupRequest(url, options, command, terminal);
    return kapacitorUsers(await readKapacitorBackup(await askBackup(request), url.origin));
  }
  if (file === undefined || from !== undefined) {
    command.error('error: give a file, or the address of a running Kapacitor with --from');
  }
  if (user !== undefined || passwordStdin === true) {
    command.error('error: --user and --password-stdin go with --from');
  }
  return bringUsers(file, terminal);
}
