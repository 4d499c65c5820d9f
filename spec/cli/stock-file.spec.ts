import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import request from 'supertest';
import { ConfigError, kapacitorAuth, requireAdmin } from '../../lib/index.js';
import { Child, installedMain } from './child.js';

const STOCK = 'fixtures/reference/stock-kapacitor.conf';
const ON = { KAPACITOR_HTTP_AUTH_ENABLED: 'true', KAPACITOR_AUTH_ENABLED: 'true' };

const main = installedMain();

// A file that Kapacitor's packages install lies where it is found, as on each of its machines.
describe('on a machine with the kapacitor.conf that Kapacitor installs', () => {
  let home: string;
  let file: string;
  const before = process.env;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
    file = join(home, '.kapacitor/kapacitor.conf');
    mkdirSync(join(home, '.kapacitor'));
    copyFileSync(STOCK, file);
    process.env = { PATH: before.PATH, HOME: home };
  });

  afterEach(() => {
    process.env = before;
    rmSync(home, { recursive: true });
  });

  async function outcome(words: string, env: Readonly<Record<string, string>> = {}, input = '') {
    const child = new Child(process.execPath, [main, ...words.split(' ')], {
      cwd: home,
      env: { KAPACITOR_CONFIG_PATH: '', ...env },
    });
    child.process.stdin.end(input);
    const timer = setTimeout(() => child.process.kill(), 20_000);
    const exitCode = await child.exited;
    clearTimeout(timer);
    return { exitCode, stdout: child.stdout, stderr: child.stderr };
  }

  it('an app does not begin to let strangers in', () => {
    expect(() => kapacitorAuth()).toThrow(ConfigError);
  });

  it('an app that reads no file asks for credentials', async () => {
    const auth = kapacitorAuth({ configFile: false, store: { path: join(home, 'users.db') } });
    const app = express().use(auth, requireAdmin(), (_request, response) => response.send('in'));
    await request(app).get('/').expect(401);
    await auth.close();
  });

  it.each([
    'serve --port 0',
    'serve --port 0 --upstream http://127.0.0.1:1',
    'config check',
    'config check --app',
    'config show',
  ])('%s ends with 1 and the ways out', async (words) => {
    const { exitCode, stderr } = await outcome(words);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`http.auth-enabled (${file}:15)`);
    expect(stderr).toContain('KAPACITOR_HTTP_AUTH_ENABLED');
    // To name the file helps an app and no server.
    const isForServer = words.startsWith('serve') || words === 'config check';
    expect(stderr.includes('name the file')).toBe(!isForServer);
    expect(stderr.includes('--auth-enabled true')).toBe(isForServer);
  });

  it.each(['serve --port 0', 'serve --port 0 --upstream http://127.0.0.1:1'])(
    '%s ends with 1 even where the file is named',
    async (words) => {
      const named = await outcome(`${words} --config ${file}`);
      expect(named.exitCode).toBe(1);
      expect(named.stderr).toContain('--auth-enabled');
      const variable = await outcome(words, { KAPACITOR_CONFIG_PATH: file });
      expect(variable.exitCode).toBe(1);
    },
  );

  it.each([
    ['--auth-enabled true', {}, 401],
    ['--auth-enabled false', {}, 200],
    ['', ON, 401],
    ['', { KAPACITOR_HTTP_AUTH_ENABLED: 'false' }, 200],
  ])('serve %s starts with %j and answers a stranger %i', async (words, env, status) => {
    const child = new Child(
      process.execPath,
      [main, 'serve', '--port', '0', ...words.split(' ').filter(Boolean)],
      { cwd: home, env: { KAPACITOR_CONFIG_PATH: '', ...env } },
    );
    const [, url = ''] = await child.until(/listening on (http:\S+\d)/);
    const { status: answered } = await fetch(`${url}/kapacitor/v1/users`);
    expect(answered).toBe(status);
    child.process.kill();
    await child.exited;
  });

  it('config check tells that serve would not take it, and what of the file was left aside', async () => {
    const refused = await outcome(`config check --config ${file}`);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/serve would not start\..*\n {2}http\.auth-enabled/);
    const { exitCode, stdout } = await outcome(`config check --app --config ${file}`);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^warning: serve would not start: http\.auth-enabled/m);
    const on = await outcome('config check', ON);
    expect(on.stdout).toMatch(/^left aside: auth\.meta-addr \(.*:6\) .*auth\.enabled = true/m);
    const { leftAside } = JSON.parse((await outcome('config check --json', ON)).stdout) as {
      leftAside: readonly { key: string }[];
    };
    expect(leftAside.map(({ key }) => key)).toContain('auth.meta-addr');
  });

  it('users are managed all the same, and never on the meta node that the file names', async () => {
    const words = 'users add amy --permissions api --password-stdin';
    const { exitCode, stderr } = await outcome(words, {}, 'amy-password\n');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect((await outcome('users list')).exitCode).toBe(0);
    expect((await outcome('explain amy GET /kapacitor/v1/tasks')).stderr).toContain('auth-enabled');
  });

  it('the node that it names sees no name and no password of ours', async () => {
    const asked: string[] = [];
    const node: Server = createServer((question, response) => {
      asked.push(question.url ?? '');
      response.end('{}');
    });
    await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve));
    const address = node.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const auth = kapacitorAuth({
      http: { authEnabled: true },
      auth: { enabled: true },
      store: { path: join(home, 'users.db') },
      configFile: writeMeta(port),
    });
    await request(express().use(auth)).get('/').auth('amy', 'amy-password').expect(401);
    await auth.close();
    node.close();
    expect(asked).toEqual([]);
  });

  function writeMeta(port: string): string {
    const path = join(home, 'meta.conf');
    const text = `[auth]\nenabled = false\nmeta-addr = "127.0.0.1:${port}"\n`;
    writeFileSync(path, text);
    return path;
  }
});
