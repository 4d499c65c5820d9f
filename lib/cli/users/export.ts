import type { Command } from 'commander';
import { notes } from '../notes.js';
import type { Terminal } from '../terminal.js';
import { writePrivateFile } from '../write-private-file.js';
import { formatUserExport } from './user-export.js';
import { withUsers } from './with-users.js';

const NOTES = `
The file holds password hashes: whoever reads it can try passwords on them. It is readable by you only, and replaced as a
whole. "users import" reads it, and so does a store: --store FILE.json.

Examples:
  $ kapacitor-auth users export backup.json
  $ kapacitor-auth users export | age -r "$KEY" > backup.age`;

export function addExportCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('export [file]')
    .description(
      'write all users with their password hashes as JSON, to a file or to standard output',
    )
    .addHelpText('after', notes(NOTES))
    .action(async (file: string | undefined, _options: unknown, command: Command) => {
      await withUsers(command, terminal, async ({ users, location }) => {
        const found = await users.listWithHashes();
        const text = formatUserExport(found);
        const { stdout, stderr } = terminal;
        if (file !== undefined && file !== '-') {
          await writePrivateFile(file, text);
          stdout.write(
            `exported ${String(found.length)} users of ${location} to ${file}: it holds password hashes, keep it private\n`,
          );
          return;
        }
        stdout.write(text);
        if (stdout.isTTY === true) {
          stderr.write(
            'kapacitor-auth: these are password hashes on your screen; give the name of a file to write one that only you can read\n',
          );
        }
      });
    });
}
