import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { spawnWithLib } from './support/lib-process.js';

/** An app on a store (an expression), which is asked by some names, twice each. */
function appOn(store: string, more = ''): string {
  return `
    const { kapacitorAuth, StoreUnavailableError } = lib('index.js');
    const auth = kapacitorAuth({ configFile: false, store: ${store}, ${more} });
    const server = require('node:http').createServer((request, response) => {
      auth(request, response, () => response.end());
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    for (const name of ['amy', 'amy', 'bob', 'bob']) {
      const authorization = 'Basic ' + btoa(name + ':wrong');
      const url = 'http://127.0.0.1:' + server.address().port;
      const { status } = await fetch(url, { headers: { authorization } });
      process.stdout.write(status + ' ');
    }
    process.exit();`;
}

async function run(script: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const child = spawnWithLib({ script, args });
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { stdout, stderr };
}

const ONLY_THE_FIRST = 'further failures of this kind are told to a "logger" only';

/** Returns what a process writes to standard error for one warning. */
function warning(code: string, message: string): RegExp {
  const escaped = `[${code}] KapacitorAuthWarning: ${message} (${ONLY_THE_FIRST})`;
  const line = escaped.replace(/[[\]().*?+]/g, '\\$&');
  return new RegExp(
    `^\\(node:\\d+\\) ${line}\nsee \\S+#${code.toLowerCase()}\\n(?:\\(Use .*\\n)?$`,
  );
}

describe('without a logger, the process warns once', () => {
  it.each([
    [
      'that the folder of the store is missing',
      `{ path: '/nowhere/u.db' }`,
      'the user store is unavailable: the user database /nowhere/u.db is in a folder that does not exist: make the folder, or set store.path',
    ],
    [
      'of the error of a store of its own, but not its text',
      `{ find() { throw Object.assign(new (class PoolError extends Error {})('password=s3cret'), { code: 'ECONNREFUSED' }); } }`,
      'the user store is unavailable: PoolError ECONNREFUSED (onError gets the error itself, as error.cause)',
    ],
    [
      'of the reason that a store of its own gives',
      `{ find: async () => { throw new StoreUnavailableError('no connection is free'); } }`,
      'the user store is unavailable: no connection is free',
    ],
  ])('%s', async (_what, store, message) => {
    const { stdout, stderr } = await run(appOn(store));
    expect(stdout).toBe('503 503 503 503 ');
    expect(stderr).toMatch(warning('WRN_KAUTH_STORE_UNAVAILABLE', message));
  });

  it('of a user that can not be used', async () => {
    const store = `{ find: (name) => ({ name, type: 'normal', hash: 's3cret', permissions: [] }) }`;
    const { stdout, stderr } = await run(appOn(store));
    expect(stdout).toBe('503 503 503 503 ');
    const message = `user "amy" can't log in: the user store has a hash that is not bcrypt`;
    expect(stderr).toMatch(warning('WRN_KAUTH_UNUSABLE_USER', message));
  });

  it('of a file of users that breaks while it is in use', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
    const path = join(folder, 'users.json');
    const { stderr } = await run(
      `
      const { FileUserStore } = lib('index.js');
      const store = new FileUserStore(args[0]);
      await store.open();
      require('node:fs').writeFileSync(args[0], '{"version": 2}', { mode: 0o600 });
      process.once('warning', () => setImmediate(() => process.exit()));
      setInterval(() => undefined, 1000);`,
      path,
    );
    rmSync(folder, { recursive: true });
    expect(stderr).toMatch(
      /^\(node:\d+\) \[WRN_KAUTH_STORE_FILE_UNUSABLE\] .*users\.json can't be used/,
    );
    expect(stderr).toContain('the users last read remain');
  });
});

it('a logger gets the reason as an error, without a warning of the process', async () => {
  const logger = `logger: { info() {}, warn() {}, error: (line) => process.stderr.write(line) }`;
  const { stdout, stderr } = await run(appOn(`{ path: '/nowhere/u.db' }`, logger));
  expect(stdout).toBe('503 503 503 503 ');
  expect(stderr).toMatch(/^the user store is unavailable: the user database [^(]*store\.path$/);
});
