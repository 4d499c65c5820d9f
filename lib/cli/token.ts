import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { parseDuration, signToken } from '../index.js';
import { notes } from './notes.js';
import { printJson } from './print-json.js';
import type { Terminal } from './terminal.js';
import { noSuchUser } from './users/existing-user.js';
import { withAuth } from './with-auth.js';

interface TokenOptions {
  /** In milliseconds. */
  readonly lifetime: number;
  readonly json?: true;
}

const NOTES = `
The token lets its bearer in as the user, without a password, until it expires, or until the user is removed. It is signed by
http.shared-secret, so a Kapacitor with the same secret accepts it too.

Examples:
  $ curl -H "Authorization: Bearer $(kapacitor-auth token amy)" $API/whoami
  $ kapacitor-auth token amy --lifetime 12h --json

Exit codes:
  0  done
  1  refused or failed
  2  the command line could not be understood`;

export function addTokenCommand(program: Command, terminal: Terminal): void {
  program
    .command('token <user>')
    .description('make a token (JWT) that stands for a user for a short time')
    .addOption(
      new Option('--lifetime <duration>', 'how long it is good: 90s, 1h30m')
        .default(300_000, '5m')
        .argParser(parseLifetime),
    )
    .option('--json', 'as a JSON object with token, username and expires')
    .addHelpText('after', notes(NOTES))
    .action(async (username: string, { lifetime, json }: TokenOptions, command: Command) => {
      await withAuth(command, terminal, async ({ auth, location }) => {
        const { sharedSecret } = auth.config.http;
        if (sharedSecret === '') {
          throw new Error(
            'http.shared-secret is not set, so tokens are refused: set it in kapacitor.conf or as KAPACITOR_HTTP_SHARED_SECRET',
          );
        }
        if ((await auth.find(username)) === undefined) {
          if ((await auth.find(username, { disabled: true })) === undefined)
            throw noSuchUser(username, location);
          throw new Error(
            `${username} is disabled, so that a token would be refused: see "users enable"`,
          );
        }
        const token = signToken({ username, lifetime: lifetime / 1000 }, sharedSecret);
        const expires = new Date(Date.now() + lifetime).toISOString();
        const { stdout, stderr } = terminal;
        if (json === true) printJson(stdout, { token, username, expires });
        else stdout.write(`${token}\n`);
        if (stdout.isTTY === true && json !== true) {
          stderr.write(
            `who sends it is let in as ${username} until ${expires}: Authorization: Bearer TOKEN\n`,
          );
        }
      });
    });
}

function parseLifetime(value: string): number {
  const lifetime = parseDuration(value);
  if (lifetime !== undefined && lifetime >= 1000) return lifetime;
  throw new InvalidArgumentError('a lifetime is a duration of a second or more, such as 5m.');
}
