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
