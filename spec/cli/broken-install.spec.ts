import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { basic } from '../support/open-auth.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { Child, installedMain } from './child.js';

const MAIN = installedMain();

/** Has Node find no package of the names in HIDDEN. */
const HIDE = `
const Module = require('node:module');
const { _resolveFilename: resolve } = Module;
Module._resolveFilename = function (name, ...rest) {
  if (name !== process.env.HIDDEN) return resolve.call(this, name, ...rest);
  const text = "Cannot find module '" + name + "'\\nRequire stack:\\n- /some/file.js";
  throw Object.assign(new Error(text), { code: 'MODULE_NOT_FOUND' });
};
`;

/** Express is installed by the app: another install of this package would bring none. */
const adviceOn = (name: string) =>
  name === 'express'
    ? 'install it beside kapacitor-auth: npm install express'
    : 'install kapacitor-auth again';

const lineAbout = (name: string) =>
  `kapacitor-auth: a part of this program can't be loaded: Cannot find module '${name}'; ${adviceOn(name)}\n`;

describe('an installation without one of its packages', () => {
  const folder = temporaryFolder();
  const children: Child[] = [];

  afterEach(async () => {
    for (const { process } of children) process.kill('SIGKILL');
    await Promise.all(children.splice(0).map(({ exited }) => exited));
  });

  function run(words: string, hidden: string, env: Record<string, string> = {}): Child {
    const preload = join(folder, 'hide.cjs');
    writeFileSync(preload, HIDE);
    const child = new Child(process.execPath, [MAIN, ...words.split(' ')], {
      cwd: folder,
      env: {
        ...{ HIDDEN: hidden, NODE_OPTIONS: `--require ${preload}` },
        ...{ KAPACITOR_ADMIN_PASSWORD: 'a-password', KAPACITOR_AUTH_BCRYPT_COST: '4' },
        ...env,
      },
    });
    children.push(child);
    return child;
  }

  const ALWAYS = ['express', 'router', 'body-parser', 'zod'] as const;

  it.each(ALWAYS.flatMap((name) => [1, 2].map((workers) => [name, workers] as const)))(
    'ends a server with one line and 1 (%s, %i workers)',
    async (name, workers) => {
      const child = run(`serve --port 0 --store users.json --workers ${String(workers)}`, name);
      await expect(child.exited).resolves.toBe(1);
      // A first start may have made its administrator, and tells so.
      const [, said] = /(?:^|\n\n)(kapacitor-auth: .*\n)$/.exec(child.stderr) ?? [];
      expect(said).toBe(lineAbout(name));
      expect(child.output).not.toMatch(/^ {4}at |another one starts|failed unexpectedly/m);
    },
  );

  const FIRST = [
    ...['bcrypt', 'ini', 'node-cache', 'passport', 'passport-http', 'smol-toml'],
    ...['jws', 'jwa', 'prom-client', 'tdigest', 'undici'],
  ] as const;

  it.each(FIRST)('ends a server that needs it with one line and 1 (%s)', async (name) => {
    const child = run('serve --port 0 --store users.json --upstream http://127.0.0.1:9', name, {
      KAPACITOR_HTTP_SHARED_SECRET: 'x'.repeat(8) + 'a-secret-of-32-characters-or-more',
      KAPACITOR_METRICS_ENDPOINT: 'open',
    });
    await expect(child.exited).resolves.toBe(1);
    const [, said] = /(?:^|\n\n)(kapacitor-auth: .*\n)$/.exec(child.stderr) ?? [];
    expect(said).toBe(lineAbout(name));
    expect(child.output).not.toMatch(/^ {4}at |failed unexpectedly/m);
  });

  it.each([1, 2])('loses no password of a first administrator (%i workers)', async (workers) => {
    const store = `first-${String(workers)}.json`;
    const words = `serve --port 0 --store ${store} --workers ${String(workers)}`;
    const broken = run(words, 'router', { KAPACITOR_ADMIN_PASSWORD: '' });
    await expect(broken.exited).resolves.toBe(1);
    const [, file = ''] = /the password is in (\S+): /.exec(broken.stderr) ?? [];
    const password = readFileSync(file, 'utf8').trim();
    rmSync(file);
    const mended = run(words, 'nothing');
    const [, url = ''] = await mended.until(/"listening on (http:\S+), users in /);
    const headers = { Authorization: basic('admin', password) };
    expect((await fetch(`${url}/kapacitor/v1/users`, { headers })).status).toBe(200);
  });

  it.each(['users list', 'explain', 'completion bash', 'no-such-command', 'help'])(
    'fails a command with one line and 1 (%s)',
    async (words) => {
      const child = run(words, 'zod');
      await expect(child.exited).resolves.toBe(1);
      expect(child.output).toBe(lineAbout('zod'));
    },
  );
});
