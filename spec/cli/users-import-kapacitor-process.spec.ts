import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import recorded from '../../fixtures/reference/kapacitor-db-users.json';
import { REFERENCE, SAMPLES } from '../kapacitor-db/samples.js';
import { describeInstalled } from '../support/describe-installed.js';
import { basic } from '../support/open-auth.js';
import { rounds } from '../support/runs.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { Child, installedMain } from './child.js';

const folder = temporaryFolder();
const children: Child[] = [];

/** Logins among three thousand users. */
const LOGINS = rounds({ usual: 48, nightly: 3_000 });

function run(...words: readonly string[]): Child {
  // Renewed hashes cost as little as the old ones.
  const env = { KAPACITOR_AUTH_BCRYPT_COST: '4' };
  const child = new Child(process.execPath, [installedMain(), ...words], { cwd: folder, env });
  children.push(child);
  return child;
}

afterAll(async () => {
  for (const { process } of children) process.kill('SIGKILL');
  await Promise.all(children.map(({ exited }) => exited));
});

describe('the users of a Kapacitor, behind the gateway', () => {
  const upstream = createServer((request, response) => {
    response.end(`${request.method ?? ''} ${request.url ?? ''}`);
  });

  beforeAll(async () => {
    upstream.listen(0, '127.0.0.1');
    await once(upstream, 'listening');
  });

  afterAll(() => {
    upstream.closeAllConnections();
    upstream.close();
  });

  /** Imports a database, and starts a gateway on its users. */
  async function gateway(database: string): Promise<string> {
    const store = `${database}.users.db`;
    const imported = run('users', 'import', database, '--store', store);
    expect(await imported.exited).toBe(0);
    // On a busy machine it tells how far it is.
    expect(imported.stderr).toMatch(/^(kapacitor-auth: \d+ of \d+ users\n)*$/);
    const port = String((upstream.address() as AddressInfo).port);
    const words = ['--upstream', `http://127.0.0.1:${port}`, '--store', store];
    const serving = run('serve', '--port', '0', ...words);
    const [, url = ''] = await serving.until(/"listening on (http:\S+), users in /);
    return url;
  }

  async function status(url: string, path: string, name: string, password: string) {
    const headers = { Authorization: basic(name, password) };
    const response = await fetch(`${url}${path}`, { headers });
    await response.arrayBuffer();
    return response.status;
  }

  it('log in with their old passwords and with no others, and may do what they could', async () => {
    const database = join(folder, 'kapacitor.db');
    writeFileSync(database, readFileSync(join(REFERENCE, 'kapacitor.db')));
    const url = await gateway(database);
    for (const { name, password, type, permissions = [] } of recorded.users) {
      const mayUse = type === 'admin' || permissions.some((each) => ['api', 'all'].includes(each));
      const tasks = '/kapacitor/v1/tasks';
      expect([name, await status(url, tasks, name, `${password}x`)]).toEqual([name, 401]);
      const answers = [
        await status(url, tasks, name, password),
        await status(url, tasks, name, password),
      ];
      expect([name, ...answers]).toEqual([name, ...(mayUse ? [200, 200] : [403, 403])]);
    }
  });

  it('log in when there are three thousand', async () => {
    const database = join(folder, 'three-thousand.db');
    writeFileSync(database, gunzipSync(readFileSync(join(SAMPLES, 'three-thousand.db.gz'))));
    const url = await gateway(database);
    for (let login = 0; login < LOGINS; login += 1) {
      const number = Math.floor((login * 3_000) / LOGINS) + (login % 4);
      const name = `user-${String(Math.min(number, 2_999))}`;
      const whoami = '/kapacitor/v1/whoami';
      expect([name, await status(url, whoami, name, `password of ${name}`)]).toEqual([name, 200]);
    }
    expect(await status(url, '/kapacitor/v1/whoami', 'user-7', 'password of user-8')).toBe(401);
  });
});

describeInstalled('go', 'a kapacitor.db that is written meanwhile', (go) => {
  const cache = join(__dirname, '../../node_modules/.cache/kapacitor-auth');
  const program = join(cache, `kapacitor-db-import-${String(process.pid)}`);

  beforeAll(() => {
    mkdirSync(cache, { recursive: true });
    const words = ['build', '-trimpath', '-buildvcs=false', '-o', program, '.'];
    const env = { ...process.env, CGO_ENABLED: '0' };
    execFileSync(go, words, { cwd: join(SAMPLES, 'generate'), env });
  }, 600_000);

  afterAll(() => {
    rmSync(program, { force: true });
  });

  it('is imported as it was after one transaction, or not at all', async () => {
    const file = join(folder, 'live.db');
    const writer = spawn(program, ['live', file, '200', '30ms']);
    await once(writer.stdout, 'data');
    const store = join(folder, 'live-users.db');
    const imported = run('users', 'import', file, '--store', store, '--json');
    const exitCode = await imported.exited;
    writer.stdin.end();
    await once(writer, 'exit');
    if (exitCode !== 0) {
      expect(imported.stderr).toContain('was changed by Kapacitor during each of 20 readings');
      return;
    }
    const exported = run('users', 'export', '--store', store);
    expect(await exported.exited).toBe(0);
    const { users } = JSON.parse(exported.stdout) as { users: { grants: string[] }[] };
    expect([users.length, new Set(users.map(({ grants }) => grants.join())).size]).toEqual([
      200, 1,
    ]);
  });
});
