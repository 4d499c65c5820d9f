import { join } from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { Logger } from '../index.js';
import { once } from '../lazy.js';
import { loading } from '../server/loading.js';
import { LostLines } from '../server/lost-lines.js';
import { unshownPages } from '../server/shown-pages.js';
import type { ServerSettings } from '../server/start-server.js';
import { startServer } from '../server/start-server.js';
import { usersLocation } from '../server/users-location.js';
import type * as StartWorkers from '../server/workers/start-workers.js';
import type { RunningWorkers } from '../server/workers/start-workers.js';
import { FirstPassword } from './first-password.js';
import { warningAsTyped } from './message-of.js';
import { notes } from './notes.js';
import { startNotice } from './notices.js';
import type { ConfigurationOptions } from './serve-options.js';
import { addConfigurationOptions, serverOptions } from './serve-options.js';
import type { LogLevel } from './server-log.js';
import { LOG_LEVELS, openServerLog } from './server-log.js';
import { stopSignal } from './stop-signal.js';
import type { Terminal } from './terminal.js';
import { WORKER_WORD } from './worker-word.js';

/** Of no use to a server of one process. */
declare function require(id: '../server/workers/start-workers.js'): typeof StartWorkers;

interface ServeOptions extends ConfigurationOptions {
  readonly host: string;
  readonly port: number;
  readonly logLevel: LogLevel;
}

const NOTES = `
The first start on an empty store makes the administrator "admin" and shows its password once, at a terminal; else the password
is in the file admin-password beside the store (with PostgreSQL in the working folder). If KAPACITOR_ADMIN_PASSWORD is set, that is the password.

Pages to manage users are at /admin/ if the server listens on loopback or with TLS, and has no upstream; else with
KAPACITOR_PAGES_ENABLED=true. See docs/proxies.md.

Examples:
  $ kapacitor-auth serve --port 9092
  $ kapacitor-auth serve --host 0.0.0.0 --store /var/lib/kapacitor-auth/users.db
  $ kapacitor-auth serve --upstream http://127.0.0.1:9092
  $ kapacitor-auth serve --workers auto
  $ kapacitor-auth serve --host 0.0.0.0 --tls-cert server.pem --tls-key server.key

Several workers answer as one server: a change that one of them has acknowledged counts in all, and failed logins are counted
once. Each has its own memory, and its share of the cores for bcrypt. One that ends is replaced.

SIGHUP reopens the audit log where it is a file.

Exit codes:
  0  stopped by SIGINT or SIGTERM
  1  not started`;

export function addServeCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('serve')
    .description(
      'run a server for the users API, or a gateway before an upstream, with a log of requests (JSON) on standard output',
    )
    .option('--host <host>', 'the address to listen on', parseHost, '127.0.0.1')
    .option('--port <port>', 'the port to listen on; 0 for any', parsePort, 9095);
  addConfigurationOptions(command)
    .addOption(
      new Option('--log-level <level>', 'what is logged: a line for each request is "info"')
        .choices(LOG_LEVELS)
        .default('info'),
    )
    .addHelpText('after', notes(NOTES))
    .action(async () => {
      await serve(command.optsWithGlobals<ServeOptions>(), terminal);
    });
}

/** Serves until a signal stops it. */
async function serve(options: ServeOptions, { stdout, stderr }: Terminal): Promise<void> {
  const { host, port, logLevel, workers } = options;
  const lostLines = new LostLines();
  const tell = (problem: string): void => void stderr.write(`kapacitor-auth: ${problem}\n`);
  const { logger, write, close } = openServerLog(stdout, logLevel, {
    failed: tell,
    lost: (lines) => (lostLines.server += lines),
  });
  const attendants = attend(logger, stderr);
  try {
    const settings = {
      ...{ host, port, options: serverOptions(options), logger, tell, lostLines },
      ...{ reword: warningAsTyped, keepPassword: attendants.keepPassword },
    };
    const writeError = (lines: string): void => void stderr.write(lines);
    const start = (): Promise<RunningWorkers> =>
      workers === 1
        ? startServer(settings)
        : loading(() => require('../server/workers/start-workers.js')).startWorkers({
            ...settings,
            workers,
            program: { file: PROGRAM, words: [WORKER_WORD] },
            write,
            writeError,
          });
    await serveUntilStopped(start, attendants, { logger, stderr });
  } finally {
    close();
  }
}

/** The program itself, whose name is the same before and after lib/cli is made into one file. */
const PROGRAM = join(__dirname, 'main.js');

/** Those who attend a server from its start to its end. */
interface Attendants {
  readonly firstPassword: FirstPassword;
  readonly keepPassword: NonNullable<ServerSettings['keepPassword']>;
  /** Waits for a signal from the first call on. */
  readonly stopping: () => Promise<NodeJS.Signals>;
}

function attend(logger: Logger, stderr: Terminal['stderr']): Attendants {
  const firstPassword = new FirstPassword(stderr, logger);
  const stopping = once(stopSignal);
  return {
    firstPassword,
    stopping,
    keepPassword: (config, password) => {
      // From now on: an administrator whose password is kept is made to the end.
      void stopping();
      return firstPassword.keep(config, password);
    },
  };
}

async function serveUntilStopped(
  start: () => Promise<RunningWorkers>,
  { firstPassword, stopping }: Attendants,
  { logger, stderr }: { readonly logger: Logger; readonly stderr: Terminal['stderr'] },
): Promise<void> {
  const server = await start().catch((error: unknown) => {
    firstPassword.tellOfFailure();
    throw error;
  });
  // From now on: a person may press Ctrl-C as soon as the first line is there.
  const stopped = stopping();
  const { url, pages, config, firstAdmin } = server;
  logger.info(`listening on ${url}, users in ${usersLocation(config)}`);
  const place = pages === undefined ? unshownPages(config) : `at ${pages.url}`;
  if (place !== undefined) logger.info(`pages to manage users ${place}`);
  if (pages?.problem !== undefined) logger.warn(pages.problem);
  if (stderr.isTTY === true) stderr.write(startNotice(server));
  firstPassword.tellOfEarlier(config);
  if (firstAdmin !== undefined) await firstPassword.tell(firstAdmin, { url, pages });
  // Without a file, a hang-up ends the server, as it ends other programs.
  if (config.audit.path !== '') process.on('SIGHUP', server.reopenAuditLog);
  try {
    const signal = await Promise.race([stopped, server.whole.then(() => stopped)]);
    logger.info(`${signal}: no more requests are accepted`);
  } finally {
    await server.stop();
    process.off('SIGHUP', server.reopenAuditLog);
  }
  logger.info('stopped');
}

/** An empty host would mean every address. */
function parseHost(value: string): string {
  if (value === '') throw new InvalidArgumentError('it is empty.');
  return value;
}

function parsePort(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw new InvalidArgumentError('a port is a number from 0 to 65535.');
}
