import { mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KapacitorAuthOptions } from '../../lib/index.js';
import { MemoryUserStore } from '../../lib/index.js';
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

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
    log = new WrittenLog();
    upstream = await RecordingUpstream.start();
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
    await upstream.stop();
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
  ])('that would be %s keeps a server from starting', async (_what, path, reason) => {
    await expect(start({ audit: { path: join(folder, path) } })).rejects.toMatchObject({
      code: 'ERR_KAUTH_CONFIG',
      message: expect.stringContaining(
        `audit.path (code): ${join(folder, path)} can't be written: ${reason}`,
      ),
    });
  });
});
