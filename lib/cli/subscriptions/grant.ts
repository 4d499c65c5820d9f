import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { print } from '../output-failure.js';
import { readPasswordLine } from '../read-password-line.js';
import type { Terminal } from '../terminal.js';
import { createSubscription, quotePlace } from './influxql.js';
import { withSubscriptions } from './with-subscriptions.js';

interface GrantOptions {
  readonly db: string;
  readonly rp: string;
  readonly url: URL;
  readonly cluster?: string;
  readonly tokenStdin?: true;
  readonly json?: true;
}

const NOTES = `
The statement goes to standard output and holds the token, which is shown only now. Paste it into
"influx", or send it as "q" to InfluxDB's /query. InfluxDB shows it to its administrators, by
SHOW SUBSCRIPTIONS and in its log.`;

export function addGrantCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('grant')
    .description('let an InfluxDB push points of a database, and print the statement that makes it')
    .requiredOption('--db <database>', 'the database that it may write to')
    .option('--rp <policy>', 'the only retention policy that it may write to', 'autogen')
    .option(
      '--url <url>',
      'where InfluxDB reaches the gateway',
      parseGateway,
      new URL('http://127.0.0.1:9095'),
    )
    .option('--cluster <name>', 'a name for that InfluxDB, which "list" shows; else "default"')
    .option(
      '--token-stdin',
      'take over the token in the first line of standard input (of a subscription of Kapacitor) instead of making one',
    )
    .option('--json', 'as a JSON object, with the token and the statement')
    .addHelpText('after', NOTES)
    .action(async (options: GrantOptions, command: Command) => {
      await grant(options, command, terminal);
    });
}

async function grant(
  { db: database, rp: retentionPolicy, url, cluster, tokenStdin, json }: GrantOptions,
  command: Command,
  terminal: Terminal,
): Promise<void> {
  await withSubscriptions(command, terminal, async ({ subscriptions, location }) => {
    const token = tokenStdin === true ? await readPasswordLine(terminal) : undefined;
    const place = { database, retentionPolicy };
    const granted = await subscriptions.grant({ ...place, cluster, token });
    const statement = createSubscription(granted, place, url);
    const shown =
      json === true ? JSON.stringify({ ...granted, statement }, undefined, 2) : statement;
    await printOrUndo(terminal.stdout, `${shown}\n`, () => subscriptions.revoke(granted.id));
    terminal.stderr.write(
      `granted ${granted.id} to write to ${quotePlace(place)}; kept in ${location}, without the token\n`,
    );
  });
}

/** No token must be good that nobody could read. @throws Error when it could not be written */
async function printOrUndo(
  stdout: Terminal['stdout'],
  text: string,
  undo: () => Promise<unknown>,
): Promise<void> {
  try {
    await print(stdout, text);
  } catch (error) {
    await undo();
    throw error;
  }
}

/** @throws InvalidArgumentError for what is no place of a gateway */
function parseGateway(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('a URL is http://host:port or https://host:port.');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new InvalidArgumentError('a URL is without user, password, query and fragment.');
  }
  return url;
}
