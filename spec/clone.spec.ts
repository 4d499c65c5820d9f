import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import * as library from '../lib/index.js';
import * as contract from '../lib/store-contract.js';
import { temporaryFolder } from './support/temporary-folder.js';

// Most of these build, beside whatever else runs.
jest.setTimeout(600_000);

const run = promisify(execFile);
const ROOT = join(__dirname, '..');

/** A clone with its dependencies installed; the cache beside them is its own. */
const clone = join(realpathSync(temporaryFolder()), 'kapacitor-auth');
mkdirSync(join(clone, 'node_modules'), { recursive: true });
for (const name of ['lib', 'fixtures/build', 'package.json', 'tsconfig.json', 'README.md']) {
  cpSync(join(ROOT, name), join(clone, name), { recursive: true });
}

beforeAll(async () => {
  const { stdout } = await run('ls', ['-A', join(ROOT, 'node_modules')]);
  for (const name of stdout
    .trim()
    .split('\n')
    .filter((each) => each !== '.cache')) {
    symlinkSync(join(ROOT, 'node_modules', name), join(clone, 'node_modules', name));
  }
});

const env = {
  ...process.env,
  KAPACITOR_CONFIG_PATH: '/dev/null',
  npm_config_update_notifier: 'false',
};
const inClone = async (command: string, ...words: readonly string[]): Promise<string> =>
  (await run(command, words, { cwd: clone, env })).stdout.trim();

const packedSchema = z.tuple([z.object({ files: z.array(z.object({ path: z.string() })) })]);
const main = join(clone, 'dist/bin/main.js');
const madeAt = (): number => statSync(main).mtimeMs;

describe('in a clone', () => {
  it('npx runs the command line after two builds', async () => {
    await inClone('npm', 'run', 'build');
    await inClone('npm', 'run', 'build');
    expect(statSync(main).mode & 0o111).toBe(0o111);
    const version = await inClone('npx', '--no-install', 'kapacitor-auth', '--version');
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('npm pack takes all that the package loads, and the command in one file', async () => {
    const printed = await inClone('npm', 'pack', '--dry-run', '--json', '--ignore-scripts');
    const [{ files }] = packedSchema.parse(JSON.parse(printed));
    const packed = files.map(({ path }) => path).filter((path) => /^dist\/.*js$/.test(path));
    expect(packed).toContain('dist/bin/main.js');
    expect(files.map(({ path }) => path)).toContain('dist/bin/THIRD-PARTY.txt');
    const missing = packed.flatMap((path) =>
      [...readFileSync(join(clone, path), 'utf8').matchAll(/\brequire\("(\.[^"]+)"\)/g)]
        .map(([, id = '']) => join(path, '..', id))
        .filter((wanted) => !packed.includes(wanted)),
    );
    expect(missing).toEqual([]);
  });

  it.each<[name: string, source: object]>([
    ['index', library],
    ['store-contract', contract],
  ])('%s is one file, and holds no code of a package', async (name, source) => {
    const script = `
      const names = Object.keys(require('./dist/${name}.js'));
      const own = Object.keys(require.cache).filter((path) => path.startsWith(process.cwd() + '/dist/'));
      console.log(JSON.stringify({ names: names.sort(), own: own.length }));`;
    const printed: unknown = JSON.parse(await inClone(process.execPath, '-e', script));
    expect(printed).toEqual({ names: Object.keys(source).sort(), own: 1 });
    const text = readFileSync(join(clone, `dist/${name}.js`), 'utf8');
    expect(text).not.toMatch(/^\/\/ .*node_modules\//m);
  });

  describe('npm start', () => {
    const started: ChildProcess[] = [];

    afterEach(async () => {
      for (const child of started.splice(0)) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
    });

    /** Starts a server as `npm start` does, and waits until it listens. */
    async function start(): Promise<{ readonly url: string; readonly errors: () => string }> {
      const script = 'fixtures/build/start.mjs';
      const child = spawn(process.execPath, [script, '--port', '0'], { cwd: clone, env });
      started.push(child);
      let stderr = '';
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      for await (const chunk of child.stdout) {
        const [, url] = /listening on (http:[^,]+\d)/.exec(String(chunk)) ?? [];
        if (url !== undefined) {
          child.stdout.resume();
          return { url, errors: () => stderr };
        }
      }
      throw new Error(`ended: ${stderr}`);
    }

    it('makes what has changed, and nothing else', async () => {
      const before = madeAt();
      const first = await start();
      expect(madeAt()).toBe(before);
      expect(first.errors()).not.toContain('building');
      started[0]?.kill('SIGTERM');
      if (started[0] !== undefined) await once(started[0], 'exit');
      appendFileSync(join(clone, 'lib/cli/main.ts'), '\n// changed\n');
      const second = await start();
      expect(second.errors()).toContain('building');
      expect(madeAt()).toBeGreaterThan(before);
      expect(statSync(main).mode & 0o111).toBe(0o111);
    });

    it('makes nothing under a server that runs', async () => {
      const first = await start();
      const before = madeAt();
      appendFileSync(join(clone, 'lib/cli/main.ts'), '\n// changed again\n');
      const second = await start();
      expect(madeAt()).toBe(before);
      expect(second.errors()).toContain('not built');
      for (const { url } of [first, second]) {
        expect((await fetch(`${url}/kapacitor/v1/ping`)).status).toBe(401);
      }
    });

    it('takes no mark of a server that was killed for a server, whoever has its number now', async () => {
      const marks = join(clone, 'node_modules/.cache/kapacitor-auth/running');
      writeFileSync(join(marks, String(process.pid)), '');
      appendFileSync(join(clone, 'lib/cli/main.ts'), '\n// changed while none runs\n');
      const { errors } = await start();
      expect(errors()).toContain('building');
      expect(readdirSync(marks)).toEqual([String(started[0]?.pid)]);
      const itself = `echo > ${marks}/$$; exec "$0" fixtures/build/start.mjs --help`;
      started[0]?.kill('SIGTERM');
      if (started[0] !== undefined) await once(started[0], 'exit');
      const { stderr } = await run('sh', ['-c', itself, process.execPath], { cwd: clone, env });
      expect(stderr).not.toContain('not built');
    });

    it('builds once when two start at once, whoever else was killed while it built', async () => {
      appendFileSync(join(clone, 'lib/cli/main.ts'), '\n// changed before two start\n');
      writeFileSync(join(clone, 'node_modules/.cache/kapacitor-auth/building'), '999999999 1');
      const both = await Promise.all([start(), start(), start()]);
      const told = both.map(({ errors }) => errors()).join('');
      expect(told.match(/building…/g)).toHaveLength(1);
      expect(told).toMatch(/waiting for process \d+, which builds/);
      expect(told).not.toContain('not built');
      for (const { url } of both)
        expect((await fetch(`${url}/kapacitor/v1/ping`)).status).toBe(401);
      const left = readdirSync(join(clone, 'node_modules/.cache/kapacitor-auth'));
      expect(left.filter((name) => name.startsWith('building'))).toEqual([]);
    });

    it('builds where the file system has no hard links', async () => {
      const script = `import fs from 'node:fs';
        import { syncBuiltinESMExports } from 'node:module';
        fs.linkSync = () => {
          throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' });
        };
        syncBuiltinESMExports();`;
      const without = `data:text/javascript,${encodeURIComponent(script)}`;
      await inClone(process.execPath, '--import', without, 'fixtures/build/build.mjs', '--changed');
      const left = readdirSync(join(clone, 'node_modules/.cache/kapacitor-auth'));
      expect(left.filter((name) => name.startsWith('building'))).toEqual([]);
    });

    it('makes a dist that is whole where two build at once', async () => {
      const build = ['fixtures/build/build.mjs', '--changed'];
      await Promise.all([1, 2].map(() => inClone(process.execPath, ...build)));
      expect(existsSync(join(clone, 'dist/.new'))).toBe(false);
      await start();
    });

    it.each([
      ['--upstream http://127.0.0.1:9', 'npm start -- --upstream http://127.0.0.1:9'],
      ['--log-level=warn', 'npm start -- --log-level warn'],
      ['--port 1 --tls-cert a.pem', 'npm start -- --port … --tls-cert …'],
      ['--store=postgres://amy:hunter2@db/users', 'npm start -- --store …'],
      ['--store postgres://amy:hunter2@db/users', 'npm start -- --store …'],
      ['--store=postgres://db/users?password=hunter2', 'npm start -- --store …'],
      ['--upstream=http://amy:hunter2@kapacitor:9092', 'npm start -- --upstream …'],
      ['--config=/my$(id)/x.conf', 'npm start -- --config …'],
      ['--auth-enabled false', 'npm start -- --auth-enabled false'],
      ['--no-auth-enabled', 'npm start -- --auth-enabled false'],
      ['--audit-log=', 'npm start -- --audit-log …'],
    ])('does not start without what npm took for its own: %s', async (words, meant) => {
      const failed = inClone('npm', 'start', ...words.split(' '));
      await expect(failed).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`Start with: ${meant}\n`) as unknown,
      });
    });

    it('knows all options of serve, of which npm may take one', async () => {
      const help = await inClone(process.execPath, main, 'serve', '--help');
      const options = [...help.matchAll(/^ +--([a-z-]+) </gm)].map(([, name]) => name);
      const script = `import { OPTIONS } from './fixtures/build/eaten-options.mjs';
        console.log(JSON.stringify(OPTIONS));`;
      const known: unknown = JSON.parse(
        await inClone(process.execPath, '--input-type=module', '-e', script),
      );
      expect(known).toEqual(options);
    });

    it('keeps every file in its place while npm run build makes them again, and removes stale ones', async () => {
      const { url } = await start();
      const stale = join(clone, 'dist/stale.js');
      writeFileSync(stale, '');
      const before = madeAt();
      let misses = 0;
      const watch = setInterval(() => {
        if (!existsSync(main) || readFileSync(main).length === 0) misses += 1;
      }, 1);
      await inClone('npm', 'run', 'build');
      clearInterval(watch);
      expect(misses).toBe(0);
      expect(madeAt()).toBeGreaterThan(before);
      expect(existsSync(stale)).toBe(false);
      expect(existsSync(join(clone, 'dist/.new'))).toBe(false);
      expect((await fetch(`${url}/kapacitor/v1/ping`)).status).toBe(401);
    });
  });
});
