import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { optionRows } from '../../lib/config/option-rows.js';
import { Child, installedMain } from '../cli/child.js';
import { installed } from '../support/describe-installed.js';
import { basic } from '../support/open-auth.js';
import { describePostgres, freePort } from '../support/postgres.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { replaceAll } from './replace-all.js';

const FOLDER = join(__dirname, '../../fixtures/deploy');
const SITE = readFileSync(join(FOLDER, 'Caddyfile.scale'), 'utf8');
const WHOAMI = '/kapacitor/v1/whoami';

describe('docker-compose.scale.yml', () => {
  const text = readFileSync(join(FOLDER, 'docker-compose.scale.yml'), 'utf8');
  const service = z.looseObject({
    environment: z.record(z.string(), z.string()).optional(),
    ports: z.array(z.string()).optional(),
    networks: z.array(z.string()),
  });
  const { services } = z
    .looseObject({ services: z.record(z.string(), service) })
    .parse(parse(text, { merge: true }));

  it('sets variables that exist, and asks for every password', () => {
    const known = [
      ...optionRows.map(({ variable }) => variable),
      ...['KAPACITOR_ADMIN_PASSWORD', 'PGPASSWORD'],
    ];
    for (const name of ['one', 'two']) {
      expect(known).toEqual(expect.arrayContaining(Object.keys(services[name]?.environment ?? {})));
    }
    expect(text.match(/PASSWORD: .*/g)?.every((line) => line.endsWith(':?}'))).toBe(true);
  });

  it('lets clients reach Caddy only, and the database nobody but the servers', () => {
    const open = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(open.map(([name]) => name)).toEqual(['caddy']);
    const at = Object.entries(services).filter(([, { networks }]) => networks.includes('database'));
    expect(at.map(([name]) => name).sort()).toEqual(['one', 'postgres', 'two']);
    expect(SITE).toContain('reverse_proxy one:9095 two:9095 {');
  });
});

const nothing = (): void => undefined;
const caddy = installed('caddy');
if (caddy === undefined) process.stderr.write('skipped: two servers behind Caddy: no caddy\n');

const describeTopology: typeof describePostgres =
  caddy === undefined
    ? (title) => {
        describe.skip(title, nothing);
      }
    : describePostgres;

describeTopology('two servers on one PostgreSQL, behind Caddy by Caddyfile.scale', (server) => {
  const folder = temporaryFolder();
  const servers: { readonly child: Child; readonly url: string }[] = [];
  let proxy: ChildProcess | undefined;
  let entrance = '';

  beforeAll(async () => {
    const main = installedMain();
    const url = await server().newDatabase();
    for (let count = 0; count < 2; count += 1) {
      const child = new Child(process.execPath, [main, 'serve', '--port', '0'], {
        cwd: folder,
        env: {
          KAPACITOR_STORE_URL: url,
          KAPACITOR_ADMIN_PASSWORD: 'admin-pw',
          KAPACITOR_AUTH_BCRYPT_COST: '4',
          KAPACITOR_GATEWAY_TRUSTED_PROXIES: '127.0.0.1',
        },
      });
      const [, at = ''] = await child.until(/listening on (http:\/\/[\d.:]+)/);
      servers.push({ child, url: at });
    }
    const port = await freePort();
    const [one, two] = servers.map((each) => each.url.replace('http://', ''));
    const site = replaceAll(SITE, {
      'one:9095 two:9095': `${one ?? ''} ${two ?? ''}`,
      ':9095 {': `http://127.0.0.1:${String(port)} {`,
    });
    const file = join(folder, 'Caddyfile');
    writeFileSync(file, `{\n\tadmin off\n}\n${site}`);
    proxy = spawn(caddy ?? '', ['run', '--config', file, '--adapter', 'caddyfile'], {
      env: { HOME: folder },
      stdio: 'ignore',
    });
    entrance = `http://127.0.0.1:${String(port)}`;
    const isOpen = async () => (await ask(entrance, 'nobody', 'x').catch(() => 0)) === 401;
    await until('the proxy passes requests on', isOpen);
  });

  afterAll(async () => {
    for (const { child } of servers) {
      child.process.kill('SIGKILL');
      await child.exited;
    }
    if (proxy?.kill() === true) await once(proxy, 'exit');
  });

  /** The status of an answer; each request is of another client unless one is named. */
  async function ask(
    url: string,
    name: string,
    password: string,
    { method = 'GET', path = WHOAMI, body = undefined as string | undefined } = {},
  ): Promise<number> {
    const headers = { Authorization: basic(name, password), 'Content-Type': 'application/json' };
    const response = await fetch(url + path, { method, headers, body: body ?? null });
    await response.arrayBuffer();
    return response.status;
  }

  const everywhere = (name: string, password: string) =>
    Promise.all([entrance, ...servers.map(({ url }) => url)].map((at) => ask(at, name, password)));

  const change = (method: string, path: string, body: object) =>
    ask(servers[0]?.url ?? '', 'admin', 'admin-pw', {
      ...{ method, path: `/kapacitor/v1/users${path}` },
      body: JSON.stringify(body),
    });

  it('let the same users in, and refuse an old password everywhere', async () => {
    expect(await everywhere('admin', 'admin-pw')).toEqual([200, 200, 200]);
    const amy = { name: 'amy', password: 'old-pw', permissions: ['api'] };
    expect(await change('POST', '', amy)).toBe(200);
    expect(await everywhere('amy', 'old-pw')).toEqual([200, 200, 200]);
    expect(await change('PATCH', '/amy', { password: 'new-pw' })).toBe(200);
    // A new password counts at once, an old one for 100 ms at the servers that did not change it.
    expect(await everywhere('amy', 'new-pw')).toEqual([200, 200, 200]);
    let answers = await everywhere('amy', 'old-pw');
    expect(answers[1]).toBe(401);
    await until('the old password counts nowhere', async () => {
      answers = await everywhere('amy', 'old-pw');
      return !answers.includes(200);
    });
    expect(answers).toEqual([401, 401, 401]);
  });

  it('count failed logins together', async () => {
    expect(await change('POST', '', { name: 'joe', password: 'joe-pw' })).toBe(200);
    const guesses = Array.from({ length: 40 }, (_, n) =>
      ask(servers[n % 2]?.url ?? '', 'joe', `guess ${String(n)}`),
    );
    const answers = await Promise.all(guesses);
    expect(answers.filter((status) => status === 401)).toHaveLength(10);
    expect(answers.filter((status) => status === 429)).toHaveLength(30);
  });

  it('serve on while one of them is killed', async () => {
    const [one] = servers;
    one?.child.process.kill('SIGKILL');
    await one?.child.exited;
    const answers = [];
    for (let n = 0; n < 20; n += 1) answers.push(await ask(entrance, 'amy', 'new-pw'));
    expect(new Set(answers)).toEqual(new Set([200]));
  });

  it('are told to be away in JSON, with the time to come back, if none is left', async () => {
    for (const { child } of servers) {
      child.process.kill('SIGKILL');
      await child.exited;
    }
    const response = await fetch(entrance + WHOAMI, {
      headers: { Authorization: basic('amy', 'new-pw') },
    });
    expect([502, 503]).toContain(response.status);
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(response.headers.get('content-type')).toBe('application/json');
    const text = expect.any(String) as string;
    expect(await response.json()).toEqual({ error: text, message: text });
  });
});
