import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { Server } from 'node:net';
import { createServer } from 'node:net';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { KapacitorAuthOptions } from '../../lib/index.js';
import { loadConfig, MemoryUserStore } from '../../lib/index.js';
import { unwritableAuditFile } from '../../lib/server/audit-log.js';
import type { RunningServer } from '../../lib/server/start-server.js';
import { startServer } from '../../lib/server/start-server.js';
import { RecordingUpstream } from './gateway/recording-upstream.js';
import { login } from './gateway/started-gateway.js';
import { WrittenLog } from './written-log.js';

const USERS = [
  { name: 'root', password: 'root-password', type: 'admin' as const },
  { name: 'amy', password: 'amy-password', permissions: ['api' as const] },
];

type Line = Readonly<Record<string, unknown>>;

describe('the audit log', () => {
  let folder: string;
  let log: WrittenLog;
  let upstream: RecordingUpstream;
  const running: RunningServer[] = [];
  const sockets: Server[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
    log = new WrittenLog();
    upstream = await RecordingUpstream.start();
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
    await upstream.stop();
    for (const socket of sockets.splice(0)) socket.close();
    rmSync(folder, { recursive: true });
  });

  async function start(options: KapacitorAuthOptions): Promise<RunningServer> {
    const server = await startServer({
      host: '127.0.0.1',
      port: 0,
      options: { configFile: devNull, store: new MemoryUserStore(USERS), ...options },
      logger: log.logger,
    });
    running.push(server);
    return server;
  }

  async function ask(
    { url }: RunningServer,
    path: string,
    name: string,
    { method = 'GET', ...document }: Line & { readonly method?: string } = {},
  ): Promise<number> {
    const body = method === 'POST' || method === 'PATCH' ? JSON.stringify(document) : undefined;
    const init = { method, headers: login(name), ...(body !== undefined && { body }) };
    return (await fetch(`${url}/kapacitor/v1${path}`, init)).status;
  }

  /** The lines in a text, without what pino adds. */
  function linesOf(text: string): readonly Line[] {
    const lines = text.split('\n').filter((line) => line.includes('"msg":"audit"'));
    return lines.map((line) => {
      const { time, level, msg, ...rest } = JSON.parse(line) as Line;
      expect([typeof time, level, msg]).toEqual([expect.any(String), 30, 'audit']);
      return rest;
    });
  }

  const inFile = () => linesOf(readFileSync(join(folder, 'audit.log'), 'utf8'));

  it.each(['a server', 'a gateway'])('of %s tells who did what from where', async (how) => {
    const path = join(folder, 'audit.log');
    const gateway = how === 'a gateway' ? { upstream: upstream.url } : undefined;
    const server = await start({ audit: { path }, gateway });
    const joe = { name: 'joe', password: 'joe-password', permissions: ['api'] };
    await ask(server, '/users', 'root', { method: 'POST', ...joe });
    await ask(server, '/users/joe', 'amy', { method: 'PATCH', type: 'admin' });
    await ask(server, '/users/joe', 'root', { method: 'PATCH', password: 'other-password' });
    await ask(server, '/config?x=y', 'joe');
    await ask(server, '/tasks?u=amy&p=root-password', 'nobody');
    await ask(server, '/users/joe', 'root', { method: 'DELETE' });
    await fetch(`${server.url}/kapacitor/v1/ping?u=amy&p=a-wrong-password`);
    const address = '127.0.0.1';
    const grants = { type: 'normal', permissions: ['api'] };
    const change = { event: 'userChanged', actor: 'root', address, user: 'joe' };
    const fields = ['type', 'permissions', 'password'];
    const v1 = '/kapacitor/v1';
    const failed = { event: 'rejected', address, code: 'ERR_KAUTH_FAILED', status: 401 };
    expect(inFile()).toEqual([
      { ...change, change: 'created', after: grants, fields },
      {
        event: 'forbidden',
        address,
        user: 'amy',
        method: 'PATCH',
        path: `${v1}/users/joe`,
        code: 'ERR_KAUTH_ESCALATION',
        status: 403,
      },
      { ...change, change: 'updated', before: grants, after: grants, fields: ['password'] },
      // The old password of joe.
      { ...failed, user: 'joe', method: 'GET', path: `${v1}/config` },
      { ...failed, method: 'GET', path: `${v1}/tasks` },
      { ...change, change: 'deleted', before: grants, fields },
      { ...failed, user: 'amy', method: 'GET', path: `${v1}/ping` },
    ]);
    expect(linesOf(log.text)).toEqual([]);
    const written = readFileSync(path, 'utf8') + log.text;
    expect(written).not.toMatch(/-password|\$2b\$|Basic |[?&][up]=/);
  });

  it('tells of the first administrator', async () => {
    const path = join(folder, 'audit.log');
    const server = await start({ audit: { path }, store: new MemoryUserStore() });
    const admin = { type: 'admin', permissions: [] };
    expect(inFile()).toEqual([
      expect.objectContaining({ change: 'created', user: 'admin', after: admin }),
    ]);
    expect(readFileSync(path, 'utf8')).not.toContain(server.firstAdmin?.password);
  });

  it('is on standard output where there is no file, and marked there', async () => {
    const server = await start({});
    await ask(server, '/config', 'amy');
    expect(linesOf(log.text)).toEqual([
      expect.objectContaining({ audit: true, event: 'forbidden', user: 'amy' }),
    ]);
    expect(log.requests).toEqual([expect.not.objectContaining({ audit: true })]);
    server.reopenAuditLog();
  });

  it('is only for who runs the server, and goes on where it ended', async () => {
    const path = join(folder, 'audit.log');
    for (const count of [1, 2]) {
      const server = await start({ audit: { path } });
      await ask(server, '/ping', 'nobody');
      await server.stop();
      running.length = 0;
      expect(inFile()).toHaveLength(count);
    }
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('goes on in a new file after the old one was moved away', async () => {
    const path = join(folder, 'audit.log');
    const server = await start({ audit: { path } });
    await ask(server, '/ping', 'first');
    renameSync(path, `${path}.1`);
    await ask(server, '/ping', 'second');
    server.reopenAuditLog();
    await ask(server, '/config', 'amy');
    expect(linesOf(readFileSync(`${path}.1`, 'utf8'))).toHaveLength(2);
    expect(inFile()).toEqual([expect.objectContaining({ event: 'forbidden' })]);
  });

  it('keeps its file where there can be no new one, and says so', async () => {
    const path = join(folder, 'audit.log');
    const server = await start({ audit: { path } });
    renameSync(folder, `${folder}-moved`);
    server.reopenAuditLog();
    renameSync(`${folder}-moved`, folder);
    await ask(server, '/config', 'amy');
    expect(inFile()).toHaveLength(1);
    expect(log.text).toContain('the audit log goes on in the file it had: ENOENT');
  });

  it.each([
    ['a folder that is missing', 'missing/audit.log', 'ENOENT'],
    ['a folder', '.', 'EISDIR'],
    ['a folder, by its name', 'no-such-folder/', 'EISDIR'],
    ['below a file', 'a-file/audit.log', 'ENOTDIR'],
    ['a file, named as a folder', 'a-file/', 'EISDIR'],
    ['a link to a folder that is missing', 'dangling', 'ENOENT'],
    ['below a file, named as a folder', 'a-file/x/', 'ENOTDIR'],
    ['a link to itself', 'round', 'ELOOP'],
    ['a link to the name of a folder', 'to-no-folder', 'EISDIR'],
    ['in a folder above one that is missing', 'missing/../x.log', 'ENOENT'],
    ['in a folder above a file', 'a-file/../x.log', 'ENOTDIR'],
    ['beside what a link leads to, if nothing is there', 'to-up/../up/x.log', 'ENOENT'],
    ['a link to what is missing, named as a folder', 'to-new/', 'EISDIR'],
    ['a socket', 'socket', 'ENXIO'],
    ['a name that is too long', 'x'.repeat(300), 'ENAMETOOLONG'],
  ])('that would be %s keeps a server from starting', async (_what, name, reason) => {
    const path = `${folder}/${name}`;
    makePlaces();
    await listenAt(join(folder, 'socket'));
    const before = readdirSync(folder);
    const refusal = {
      code: 'ERR_KAUTH_CONFIG',
      message: expect.stringContaining(
        `audit.path (code): ${path} can't be written: ${reason}`,
      ) as unknown,
    };
    const config = loadConfig({ configFile: false, audit: { path } });
    expect(unwritableAuditFile(config)).toMatchObject(refusal);
    await expect(start({ audit: { path } })).rejects.toMatchObject(refusal);
    expect(readdirSync(folder)).toEqual(before);
  });

  it.each([
    'new.log',
    'a-file',
    'to-new',
    'up/../new.log',
    'to-up/../new.log',
    'to-up/../beside/x.log',
  ])('that would be at %s lets a server start, and a look makes nothing', async (name) => {
    const path = `${folder}/${name}`;
    makePlaces();
    const before = readdirSync(folder, { recursive: true });
    const config = loadConfig({ configFile: false, audit: { path } });
    expect(unwritableAuditFile(config)).toBeUndefined();
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
    await start({ audit: { path } });
  });

  it('that would be a pipe may be looked at: its reader goes on', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const config = loadConfig({ configFile: false, audit: { path } });
    expect(unwritableAuditFile(config)).toBeUndefined();
    const reader = spawn('cat', [path], { stdio: ['ignore', 'pipe', 'ignore'] });
    // At some of these it waits for a writer.
    for (let looks = 0; looks < 200; looks += 1) {
      expect(unwritableAuditFile(config)).toBeUndefined();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const writer = spawn('sh', ['-c', 'echo a line > "$0"', path], { stdio: 'ignore' });
    expect(await text(reader.stdout)).toBe('a line\n');
    writer.kill();
  });

  /** Makes a socket that has a name in the file system. */
  async function listenAt(path: string): Promise<void> {
    const socket = createServer().listen(path);
    await once(socket, 'listening');
    sockets.push(socket);
  }

  function makePlaces(): void {
    writeFileSync(join(folder, 'a-file'), '', { mode: 0o600 });
    mkdirSync(join(folder, 'up'));
    mkdirSync(join(folder, 'other/below'), { recursive: true });
    mkdirSync(join(folder, 'other/beside'));
    for (const [name, target] of [
      ['dangling', 'missing/audit.log'],
      ['round', 'round'],
      ['to-no-folder', 'no-such-folder/'],
      ['to-new', 'new.log'],
      ['to-up', 'other/below'],
    ] as const)
      symlinkSync(target, join(folder, name));
  }

  it('is on standard output at every level of the log there', async () => {
    log.logger.level = 'silent';
    const server = await start({});
    await ask(server, '/config', 'amy');
    expect(linesOf(log.text)).toEqual([
      expect.objectContaining({ audit: true, event: 'forbidden', user: 'amy' }),
    ]);
    expect(log.requests).toEqual([]);
  });
});
