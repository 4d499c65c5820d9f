import type { ChildProcess } from 'node:child_process';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { installed } from './describe-installed.js';
import { removeFolder } from './remove-folder.js';

const run = promisify(execFile);

/** The ways in which postgres ends: it waits for nobody, or it doesn't even write down where it was. */
export type StopMode = 'fast' | 'immediate';

const SIGNALS: Readonly<Record<StopMode, NodeJS.Signals>> = {
  fast: 'SIGINT',
  immediate: 'SIGQUIT',
};

/** Settings of postgresql.conf. */
export type PostgresOptions = Readonly<Record<string, string>>;

/** A PostgreSQL of its own for the specs of a file, on a free port of 127.0.0.1. */
export class PostgresServer {
  readonly folder: string;
  readonly port: number;
  readonly #bin: string;
  readonly #options: PostgresOptions;
  #process: ChildProcess | undefined;

  constructor(bin: string, folder: string, port: number, options: PostgresOptions = {}) {
    this.folder = folder;
    this.port = port;
    this.#bin = bin;
    this.#options = options;
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  /** A URL of a database, by default as an administrator of the server. */
  url({ user = 'postgres', database = 'postgres', port = this.port } = {}): string {
    return `postgres://${user}@127.0.0.1:${String(port)}/${database}`;
  }

  /** Starts it, and waits until it takes connections. */
  async start(): Promise<void> {
    const settings = {
      fsync: 'off',
      listen_addresses: '127.0.0.1',
      max_connections: '200',
      port: String(this.port),
      shared_buffers: '16MB',
      unix_socket_directories: this.folder,
      ...this.#options,
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const [command, ...args] = asServant([join(this.#bin, 'postgres'), '-D', this.data, ...flags]);
    const log = join(this.folder, 'log');
    const started = spawn('sh', ['-c', 'exec "$@" >>"$0" 2>&1', log, String(command), ...args], {
      cwd: this.folder,
      stdio: 'ignore',
    });
    this.#process = started;
    const end = Date.now() + 60_000;
    while (!hasEnded(started) && Date.now() < end) {
      if (await this.#isReady()) return;
      await delay(20);
    }
    throw new Error(`postgres does not start: ${log}`);
  }

  /** Stops it and waits for its end. */
  async stop(mode: StopMode = 'fast'): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process === undefined || hasEnded(process)) return;
    const ended = once(process, 'exit');
    process.kill(SIGNALS[mode]);
    await ended;
  }

  async restart(mode: StopMode = 'fast'): Promise<void> {
    await this.stop(mode);
    await this.start();
  }

  /** Runs statements as an administrator and gives the rows of the last one. */
  async sql(
    text: string,
    { database = 'postgres' } = {},
  ): Promise<readonly (readonly unknown[])[]> {
    const client = new Client({ connectionString: this.url({ database }) });
    await client.connect();
    try {
      const results = [await client.query<unknown[]>({ text, rowMode: 'array' })].flat();
      return results.at(-1)?.rows ?? [];
    } finally {
      await client.end();
    }
  }

  /** Makes an empty database and gives its URL. */
  async newDatabase(): Promise<string> {
    const database = `db${String((databases += 1))}`;
    await this.sql(`CREATE DATABASE ${database}`);
    return this.url({ database });
  }

  async #isReady(): Promise<boolean> {
    const client = new Client({ connectionString: this.url() });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end();
    }
  }
}

let databases = 0;

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Debian keeps the programs of each version apart. */
const VERSIONS = '/usr/lib/postgresql';

/** The folder of PostgreSQL's programs; undefined if it is not installed. */
export function postgresPrograms(): string | undefined {
  if (installed('setpriv') === undefined) return undefined;
  const file = installed('initdb');
  if (file !== undefined) return dirname(realpathSync(file));
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : [];
  const folders = versions.map((version) => join(VERSIONS, version, 'bin'));
  return folders.findLast((folder) => existsSync(join(folder, 'initdb')));
}

/** Makes a server that is not started yet. Its folder is to be removed by {@link removeServer}. */
export async function newPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const bin = postgresPrograms();
  if (bin === undefined) throw new Error('PostgreSQL is not installed');
  const folder = newFolder();
  const server = new PostgresServer(bin, folder, await freePort(), options);
  const [command, ...args] = asServant([
    join(bin, 'initdb'),
    ...[
      '-D',
      server.data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    ],
  ]);
  await run(String(command), args, { cwd: folder });
  return server;
}

/** A folder of the one who runs postgres. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-pg-'));
  const id = servant();
  if (id !== undefined) chownSync(folder, id, id);
  return folder;
}

/** Stops a server and removes what it wrote. */
export async function removeServer(server: PostgresServer): Promise<void> {
  await server.stop('immediate');
  removeFolder(server.folder);
}

/** Describes what needs a PostgreSQL. Where there is none, the tests are skipped, and this is printed. */
export function describePostgres(
  title: string,
  define: (server: () => PostgresServer) => void,
  options: PostgresOptions = {},
): void {
  const isThere = postgresPrograms() !== undefined;
  if (!isThere) process.stderr.write(`skipped: ${title}: PostgreSQL is not installed\n`);
  (isThere ? describe : describe.skip)(title, () => {
    let server: PostgresServer | undefined;
    beforeAll(async () => {
      server = await newPostgres(options);
      await server.start();
    });
    afterAll(async () => {
      if (server !== undefined) await removeServer(server);
    });
    define(() => {
      if (server === undefined) throw new Error('PostgreSQL is not started yet');
      return server;
    });
  });
}

/** Writes a file that only the one who runs postgres may read, as it demands of keys. */
export function writeForServant(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o600);
  const id = servant();
  if (id !== undefined) chownSync(path, id, id);
}

/**
 * A command as it is run by somebody whom postgres accepts: not by root. It gets a signal to end if
 * this process dies.
 */
export function asServant(command: readonly string[]): readonly string[] {
  const id = servant();
  const ids =
    id === undefined ? [] : [`--reuid=${String(id)}`, `--regid=${String(id)}`, '--clear-groups'];
  return ['setpriv', ...ids, '--pdeathsig=INT', ...command];
}

/** The user who runs postgres in place of root; undefined if this process is not root's. */
function servant(): number | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const { stdout } = spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' });
  return /^\d+$/.test(stdout.trim()) ? Number(stdout.trim()) : 65_534;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
