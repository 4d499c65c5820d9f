import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import manifest from '../../package.json';
import { Child, installedMain } from '../cli/child.js';
import { describeInstalled } from '../support/describe-installed.js';
import { basic } from '../support/open-auth.js';

const SOURCE = join(__dirname, '../../fixtures/interop');
const CACHE = join(__dirname, '../../node_modules/.cache/kapacitor-auth');
const PASSWORD = 'first-password';

/** Long enough to fetch and compile the client and what it imports; seconds where that was done before. */
const BUILD = 600_000;

const stepSchema = z.object({
  step: z.string(),
  result: z.unknown().optional(),
  error: z.string().optional(),
});

describeInstalled('go', 'Kapacitor’s own Go client, client/v1 of v1.7.0', (go) => {
  const program = join(CACHE, `interop-${String(process.pid)}`);
  let folder: string;

  beforeAll(() => {
    mkdirSync(CACHE, { recursive: true });
    const words = ['build', '-trimpath', '-buildvcs=false', '-o', program, '.'];
    execFileSync(go, words, { cwd: SOURCE, env: { ...process.env, CGO_ENABLED: '0' } });
  }, BUILD);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  afterAll(() => {
    rmSync(program, { force: true });
  });

  /** The answers that the client saw, by step. */
  async function use(url: string): Promise<ReadonlyMap<string, unknown>> {
    const client = new Child(program, [url, 'admin', PASSWORD], { cwd: folder });
    expect([await client.exited, client.stderr]).toEqual([0, '']);
    const steps = client.stdout.trim().split('\n');
    return new Map(
      steps.map((line) => {
        const { step, result, error } = stepSchema.parse(JSON.parse(line));
        return [step, error === undefined ? result : new Error(error)];
      }),
    );
  }

  /** The server as `npm start` runs it. */
  async function withServer<T>(run: (url: string) => Promise<T>, ...words: readonly string[]) {
    const server = new Child(
      process.execPath,
      [installedMain(), 'serve', '--port', '0', ...words],
      { cwd: folder, env: { KAPACITOR_ADMIN_PASSWORD: PASSWORD } },
    );
    try {
      const [, url = ''] = await server.until(/curl -u admin (http:\/\/[^/]+)/);
      return await run(url);
    } finally {
      server.process.kill();
      await server.exited;
    }
  }

  const user = (name: string, type: string, ...permissions: readonly string[]) => ({
    name,
    type,
    permissions,
    link: `/kapacitor/v1/users/${name}`,
  });
  const admin = user('admin', 'admin');
  const ops = user('ops', 'admin');
  const bob = user('bob', 'normal', 'api');
  const zoe = user('zoë@example.org', 'normal', 'config_api', 'write_points');
  const writer = user('bob', 'normal', 'api', 'write_points');
  const error = (message: string) => new Error(message);
  const forbidden = (name: string, privilege: string, path: string) =>
    error(`user ${name} does not have "${privilege}" privilege for API endpoint "${path}"`);

  it('manages users and logs in, unchanged', async () => {
    const saw = await withServer(use);
    expect([...saw]).toEqual([
      ['ping', manifest.version],
      ['ping without credentials', error('unable to parse authentication credentials')],
      ['ping with a wrong password', error('authorization failed')],
      ['ping as nobody that is known', error('authorization failed')],
      ['ping with a bad token', error('bearer auth disabled')],
      ['create an administrator', ops],
      ['create', bob],
      ['create another', zoe],
      ['get by the link of an answer', zoe],
      ['create again', error('user "bob" already exists')],
      ['create without a password', error('password is required')],
      ['get', bob],
      ['get by another name', zoe],
      ['get nobody', error('no user exists')],
      ['list', [admin, bob, ops, zoe]],
      ['list by pattern', [bob, ops, zoe]],
      ['list a field', [admin, user('bob', 'normal'), ops, user(zoe.name, 'normal')]],
      ['list from an offset', [bob, ops]],
      ['list beyond the end', []],
      [
        'list by a bad pattern',
        error('invalid pattern "[": it ends within a class "[...]" or after a "\\"'),
      ],
      ['change permissions', writer],
      ['change a password', writer],
      ['ping with the old password', error('authorization failed')],
      ['ping with the new password', manifest.version],
      ['take permissions away', user('bob', 'normal')],
      ['ping without permissions', forbidden('bob', 'read', '/kapacitor/v1/ping')],
      ['make an administrator', user('bob', 'admin')],
      ['ping as the new administrator', manifest.version],
      ['change nobody', error('no user exists')],
      ['list as a user who may not', forbidden(zoe.name, 'read', '/kapacitor/v1/users')],
      ['create as a user who may not', forbidden(zoe.name, 'write', '/kapacitor/v1/users')],
      ['delete', 'done'],
      ['delete by another name', 'done'],
      ['delete again', 'done'],
      ['get a deleted user', error('no user exists')],
      ['list what is left', [admin, ops]],
    ]);
  });

  it('lists users who have grants, which it does not know', async () => {
    const saw = await withServer(async (url) => {
      const grants = ['write:database/telegraf', 'all:tasks/team-a.*'];
      const made = await fetch(`${url}/kapacitor/v1/users`, {
        method: 'POST',
        headers: { Authorization: basic('admin', PASSWORD) },
        body: JSON.stringify({ name: 'gail', password: 'gail-pw', permissions: ['api'], grants }),
      });
      expect(await made.json()).toMatchObject({ name: 'gail', grants });
      return use(url);
    });
    expect(saw.get('list')).toEqual([admin, bob, user('gail', 'normal', 'api'), ops, zoe]);
    expect(saw.get('list what is left')).toEqual([admin, user('gail', 'normal', 'api'), ops]);
  });

  it('sees the same through a gateway, and the version of what is behind it', async () => {
    const upstream = createServer((_request, response) => {
      response.writeHead(204, { 'X-Kapacitor-Version': '1.7.0' }).end();
    }).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    const { port } = z.object({ port: z.number() }).parse(upstream.address());
    const behind = await withServer(use, '--upstream', `http://127.0.0.1:${String(port)}`);
    upstream.close();
    upstream.closeAllConnections();
    expect(behind.get('ping')).toBe('1.7.0');
    expect(behind.get('ping with a wrong password')).toEqual(error('authorization failed'));
    expect(behind.get('create')).toEqual(bob);
    expect(behind.get('list what is left')).toEqual([admin, ops]);
  });
});
