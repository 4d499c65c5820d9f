import type { Command } from 'commander';
import type { StoredUser, Subscriptions, UnusableUser } from '../../index.js';
import { ExitStatus, INCOMPLETE } from '../exit-status.js';
import { notes } from '../notes.js';
import type { Terminal } from '../terminal.js';
import { writePrivateFile } from '../write-private-file.js';
import { listNames } from './list-names.js';
import { formatUserExport } from './user-export.js';
import { withUsers } from './with-users.js';

const NOTES = `
The file holds password hashes: whoever reads it can try passwords on them. It is readable by you only, and replaced as a
whole. "users import" reads it, and so does a store: --store FILE.json.

Examples:
  $ kapacitor-auth users export backup.json
  $ kapacitor-auth users export | age -r "$KEY" > backup.age

Exit codes:
  0  all users are in it
  1  refused or failed
  2  the command line could not be understood
  3  damaged users were left out`;

export function addExportCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('export [file]')
    .description(
      'write all users with their password hashes as JSON, to a file or to standard output',
    )
    .addHelpText('after', notes(NOTES))
    .action(async (file: string | undefined, _options: unknown, command: Command) => {
      await withUsers(command, terminal, async ({ users, subscriptions, location }) => {
        const damaged: string[] = [];
        const onUnusable = ({ name }: UnusableUser): void => void damaged.push(name);
        const found = await users.listWithHashes({ onUnusable });
        await write(found, { file, location, terminal });
        await tellOfSubscriptions(subscriptions, terminal);
        if (damaged.length === 0) return;
        terminal.stderr.write(
          `kapacitor-auth: left out, as they are damaged: ${listNames(damaged)}\n`,
        );
        throw new ExitStatus(INCOMPLETE);
      });
    });
}

/** Says that subscriptions are not in an export, if there are any. */
async function tellOfSubscriptions(
  subscriptions: Subscriptions | undefined,
  { stderr }: Terminal,
): Promise<void> {
  let damaged = 0;
  const onUnusable = (): void => void (damaged += 1);
  const found = (await subscriptions?.list({ onUnusable })) ?? [];
  const count = found.length + damaged;
  if (count === 0) return;
  stderr.write(
    `kapacitor-auth: not in it: ${String(count)} subscription ${count === 1 ? 'token' : 'tokens'}, to be granted anew where the users are imported\n`,
  );
}

/** The target of an export, and the place that it comes from. */
interface Destination {
  readonly file: string | undefined;
  readonly location: string;
  readonly terminal: Terminal;
}

async function write(
  users: readonly StoredUser[],
  { file, location, terminal: { stdout, stderr } }: Destination,
): Promise<void> {
  const text = formatUserExport(users);
  if (file !== undefined && file !== '-') {
    await writePrivateFile(file, text);
    stdout.write(
      `exported ${String(users.length)} users of ${location} to ${file}: it holds password hashes, keep it private\n`,
    );
    return;
  }
  stdout.write(text);
  if (stdout.isTTY === true) {
    stderr.write(
      'kapacitor-auth: these are password hashes on your screen; give the name of a file to write one that only you can read\n',
    );
  }
}
