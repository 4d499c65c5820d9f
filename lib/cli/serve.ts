import { join } from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { Logger } from '../index.js';
import type { FirstAdmin } from '../server/first-admin.js';
import { loading } from '../server/loading.js';
import { LostLines } from '../server/lost-lines.js';
import { unshownPages } from '../server/shown-pages.js';
import { startServer } from '../server/start-server.js';
import { usersLocation } from '../server/users-location.js';
import type * as StartWorkers from '../server/workers/start-workers.js';
import type { RunningWorkers } from '../server/workers/start-workers.js';
import { keepAdminPassword, keptPasswords } from './keep-admin-password.js';
import { messageOf, warningAsTyped } from './message-of.js';
import { notes } from './notes.js';
import { firstAdminNotice, startNotice } from './notices.js';
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
  try {
    const settings = {
      ...{ host, port, options: serverOptions(options) },
      ...{ logger, tell, lostLines, reword: warningAsTyped },
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
    await serveUntilStopped(start, logger, stderr);
  } finally {
    close();
  }
}

const STILL_THERE =
  'is still there: the password in it is, or was, that of the first administrator; keep it elsewhere, and delete the file';

/** The program itself, whose name is the same before and after lib/cli is made into one file. */
const PROGRAM = join(__dirname, 'main.js');

async function serveUntilStopped(
  start: () => Promise<RunningWorkers>,
  logger: Logger,
  stderr: Terminal['stderr'],
): Promise<void> {
  const server = await start();
  // From now on: a person may press Ctrl-C as soon as the first line is there.
  const stopped = stopSignal();
  const { url, pages, config, firstAdmin } = server;
  logger.info(`listening on ${url}, users in ${usersLocation(config)}`);
  const place = pages === undefined ? unshownPages(config) : `at ${pages.url}`;
  if (place !== undefined) logger.info(`pages to manage users ${place}`);
  if (pages?.problem !== undefined) logger.warn(pages.problem);
  if (stderr.isTTY === true) stderr.write(startNotice(server));
  for (const file of keptPasswords(config)) logger.warn(`${file} ${STILL_THERE}`);
  if (firstAdmin !== undefined) await tellFirstAdmin(firstAdmin, server, { logger, stderr });
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

/**
 * Shows the first password at a terminal. Without a terminal, output ends in a log, so the password
 * goes to a file.
 */
async function tellFirstAdmin(
  firstAdmin: FirstAdmin,
  { url, pages, config }: RunningWorkers,
  { logger, stderr }: { readonly logger: Logger; readonly stderr: Terminal['stderr'] },
): Promise<void> {
  const { name, password } = firstAdmin;
  let file: string | undefined;
  if (password !== undefined && stderr.isTTY !== true) {
    file = await keepAdminPassword(config, password).catch((error: unknown) => {
      // Otherwise nobody would ever know the password.
      logger.warn(`the first password is on standard error: ${messageOf(error)}`);
      return undefined;
    });
    if (file !== undefined) logger.info(`the first password of "${name}" is in ${file}`);
  }
  stderr.write(firstAdminNotice({ name, password, file }, { url, pages }));
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
