import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { GrantedSubscription } from '../../index.js';
import {
  createSubscription,
  destination,
  gatewayProblem,
  quotePlace,
  subscriptionPath,
} from '../../influxql.js';
import { print } from '../output-failure.js';
import { readPasswordLine } from '../read-password-line.js';
import type { Terminal } from '../terminal.js';
import { withSubscriptions } from './with-subscriptions.js';

interface GrantOptions {
  readonly db?: string;
  readonly rp: string;
  readonly all?: true;
  readonly path?: true;
  readonly url: URL;
  readonly cluster?: string;
  readonly tokenStdin?: true;
  readonly json?: true;
}

const NOTES = `
What is printed on standard output holds the token, which is shown only now: the statement to paste into
"influx" or to send as "q" to InfluxDB's /query; with --all the URL for statements of your own, and with
--path the line for [[influxdb]] of kapacitor.conf, by which Kapacitor makes its subscriptions through the
gateway (with kapacitor-hostname and http-port of the gateway). With --token-stdin nothing is printed: the
subscription is there already. InfluxDB shows tokens to its administrators, by SHOW SUBSCRIPTIONS and in
its log.`;

export function addGrantCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('grant')
    .description('let an InfluxDB push points of a database, and print the statement that makes it')
    .option('--db <database>', 'the database that it may write to')
    .option('--rp <policy>', 'the only retention policy that it may write to', 'autogen')
    .addOption(new Option('--all', 'every database').conflicts(['db']))
    .option('--path', 'print the line for kapacitor.conf, with the token in a path')
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
    .option('--json', 'as a JSON object, with the token and what is printed else')
    .addHelpText('after', NOTES)
    .action(async (options: GrantOptions, command: Command) => {
      if (options.db === undefined && options.all !== true) {
        command.error('error: give the database with --db, or --all for every database');
      }
      if (options.all === true && command.getOptionValueSource('rp') === 'cli') {
        command.error('error: --rp goes with --db');
      }
      await grant(options, command, terminal);
    });
}

async function grant(options: GrantOptions, command: Command, terminal: Terminal): Promise<void> {
  const { db: database = '', rp: retentionPolicy, all, cluster, tokenStdin } = options;
  await withSubscriptions(command, terminal, async ({ subscriptions, location }) => {
    const token = tokenStdin === true ? await readPasswordLine(terminal) : undefined;
    const place = all === true ? { everyDatabase: true } : { database, retentionPolicy };
    const granted = await subscriptions.grant({ ...place, cluster, token });
    await printOrUndo(terminal.stdout, shown(granted, options), () =>
      subscriptions.revoke(granted.id),
    );
    const where = all === true ? 'every database' : quotePlace({ database, retentionPolicy });
    terminal.stderr.write(
      `granted ${granted.id} to write to ${where}; kept in ${location}, without the token\n`,
    );
  });
}

/**
 * Returns the text for standard output. For a token that is taken over it holds no statement: the
 * subscription exists already, and a second one would double every point.
 */
function shown(granted: GrantedSubscription, options: GrantOptions): string {
  const made = options.tokenStdin === true ? {} : whatToDo(granted, options);
  if (options.json === true) return `${JSON.stringify({ ...granted, ...made }, undefined, 2)}\n`;
  return Object.values(made)
    .map((line) => `${line}\n`)
    .join('');
}

function whatToDo(
  granted: GrantedSubscription,
  { db: database = '', rp: retentionPolicy, all, path, url }: GrantOptions,
): Readonly<Record<string, string>> {
  if (path === true) return { line: subscriptionPath(granted) };
  if (all === true) return { destination: destination(granted, url) };
  return { statement: createSubscription(granted, { database, retentionPolicy }, url) };
}

/**
 * Prints a text, or undoes the grant: no token may be valid that nobody could read.
 *
 * @throws Error if the text could not be written
 */
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

/** @throws InvalidArgumentError if a value is not the URL of a gateway */
function parseGateway(value: string): URL {
  const problem = gatewayProblem(value);
  if (problem !== undefined) throw new InvalidArgumentError(problem);
  return new URL(value);
}
