import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Permission, UserType } from '../../index.js';
import { fileReason } from '../file-reason.js';
import { notes } from '../notes.js';
import { printableName } from '../printable.js';
import { notingStop } from '../stop-signal.js';
import type { Terminal } from '../terminal.js';
import type { LeftOut } from './file-users.js';
import { importProgress } from './import-progress.js';
import { reportImport } from './import-report.js';
import { importAtOnce, importUsers, judgeUsers } from './import-users.js';
import { parsePermissions, PERMISSIONS_HELP } from './permissions.js';
import { parseFileUsers } from './user-file.js';
import { withUsers } from './with-users.js';

interface ImportOptions {
  readonly type?: UserType;
  readonly permissions?: readonly Permission[];
  readonly update?: true;
  readonly dryRun?: true;
  readonly atomic?: true;
  readonly json?: true;
}

const NOTES = `
An htpasswd brings names and bcrypt hashes ("htpasswd -B"); lines with other hashes are left out. --update then replaces
the hash, and the rest only where --type or --permissions is given. A JSON file that has a mistake is not imported at all.

Users are imported one after another, administrators first. Ctrl-C and SIGTERM stop it between two of them; it says how far it came,
and the same command goes on. With --atomic there is nothing in between, and nothing is imported if any user is left out, is there
already without --update, or can't be changed. A long import tells on standard error how far it is.

Examples:
  $ kapacitor-auth users import /etc/nginx/.htpasswd --permissions api
  $ kapacitor-auth users export | kapacitor-auth users import - --store other.db
  $ kapacitor-auth users import users.json --update --dry-run

Exit codes:
  0  all users of the file are in the store as it says
  1  refused or failed
  2  the command line could not be understood
  3  some were left out, or are there already and stay as they are
  130, 143  stopped by Ctrl-C or SIGTERM: some may be imported`;

export function addImportCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('import <file>')
    .description(
      'add the users of an Apache htpasswd, or of what "users export" wrote; - is standard input',
    )
    .addOption(
      new Option('--type <type>', 'of the users that an htpasswd brings').choices([
        'admin',
        'normal',
      ]),
    )
    .option('--permissions <list>', 'of the users that an htpasswd brings', parsePermissions)
    .option('--update', 'replace users that are there already')
    .option('--atomic', 'all users of the file or none, in one change')
    .option('--dry-run', 'change nothing, tell only what would be done')
    .option(
      '--json',
      'report as a JSON object with added, updated, existing, leftOut, failure and stopped',
    )
    .addHelpText('after', notes(`${PERMISSIONS_HELP}\n${NOTES}`))
    .action(async (file: string, options: ImportOptions, command: Command) => {
      const { update = false, dryRun = false, json = false, atomic = false, ...grants } = options;
      const brought = parseFileUsers(await read(file, terminal));
      if (brought.kind === 'export' && Object.keys(grants).length > 0) {
        command.error('error: --type and --permissions are for an htpasswd: this file says them');
      }
      await withUsers(command, terminal, async ({ users, location }) => {
        const granted = brought.users.map((user) => ({ ...user, ...grants }));
        const { judged, leftOut } = judgeUsers(users, granted);
        const notBrought = [...brought.leftOut, ...leftOut].sort(byPlace);
        if (brought.kind === 'export' || atomic) refuseMistakes(notBrought);
        const { advance, beginAll, end } = importProgress(terminal, judged.length);
        if (atomic && !dryRun) beginAll();
        const report = await notingStop((stopSignal) =>
          atomic && !dryRun
            ? importAtOnce(users, judged, { update })
            : importUsers(users, judged, { update, dryRun, advance, stopSignal }),
        ).finally(end);
        const all = [...notBrought, ...report.leftOut].sort(byPlace);
        const total = judged.length;
        reportImport({ ...report, leftOut: all }, { terminal, location, total, dryRun, json });
      });
    });
}

function byPlace(one: LeftOut, other: LeftOut): number {
  return one.place.localeCompare(other.place, 'en', { numeric: true });
}

async function read(file: string, { stdin }: Terminal): Promise<Uint8Array> {
  if (file === '-') return buffer(stdin);
  return readFile(file).catch((error: unknown) => {
    throw new Error(`${file} can't be read: ${fileReason(error)}`);
  });
}

function refuseMistakes(mistakes: readonly LeftOut[]): void {
  if (mistakes.length === 0) return;
  const lines = mistakes.map(
    ({ place, name, reason }) =>
      `${place}: ${name === undefined ? '' : `${printableName(name)} `}${reason}`,
  );
  throw new Error(['nothing was imported:', ...lines].join('\n  '));
}
