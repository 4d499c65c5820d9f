import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import manifest from '../package.json';
import { Child, installedMain } from './cli/child.js';
import { runWithLib } from './support/lib-process.js';
import { codes, tableRows } from './support/markdown.js';
import { readSources } from './support/read-imports.js';
import { temporaryFolder } from './support/temporary-folder.js';

const MAIN = installedMain();
const ROOT = join(__dirname, '..');
const program = readFileSync(MAIN, 'utf8');
const notices = readFileSync(join(dirname(MAIN), 'THIRD-PARTY.txt'), 'utf8');
/** The packages in the program: names and versions. */
const bundled = Array.from(
  notices.matchAll(/^(\S+) (\d\S*) \S+$/gm),
  ([, name = '', version = '']) => ({
    name,
    version,
  }),
);
const sources = readSources(join(__dirname, '../lib'));
const folder = temporaryFolder();

/** Files of lib that others load when they need them, as their names in the program. */
const LATE = sources.flatMap(({ text }) =>
  [...text.matchAll(/\(id: '[^']*?([\w-]+)\.js'\)/g)].map(([, name = '']) =>
    name.replaceAll('-', '_'),
  ),
);

describe('the program, made one file', () => {
  it.each(LATE)('loads %s where it is needed, not before', (name) => {
    const inPlace = `(init_${name}(), __toCommonJS(${name}_exports))`;
    expect(program).toContain(inPlace);
    expect(program.replaceAll(inPlace, '')).not.toContain(`init_${name}()`);
  });

  it('holds code of the packages that its notices name, and of no other', () => {
    const files = [...program.matchAll(/^\/\/ (\S+\.[cm]?[jt]s)$/gm)].map(([, path = '']) => path);
    const own = sources.map(({ path }) => path);
    expect(files.length).toBeGreaterThan(200);
    const others = files
      .filter((path) => !own.includes(path))
      .map((path) => /.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
    expect([...new Set(others)].sort()).toEqual(bundled.map(({ name }) => name).sort());
  });

  it('comes with the licence of each package in it', () => {
    expect(bundled.length).toBeGreaterThan(1);
    for (const { name } of bundled) {
      const licence = readFileSync(join(ROOT, 'node_modules', name, 'LICENSE'), 'utf8');
      expect(licence).toMatch(/permission/i);
      expect(notices).toContain(`${name}\n\n${licence.trim()}\n`);
    }
  });

  it('holds what SECURITY.md says, since no audit of an app sees it', () => {
    const rows = tableRows(readFileSync(join(ROOT, 'SECURITY.md'), 'utf8'), 'In the program');
    const told = rows.map(([name = '', version]) => ({ name: codes(name)[0], version }));
    expect(told).toEqual(bundled);
  });

  it('holds nothing that an install brings too', () => {
    const installed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    expect(bundled.filter(({ name }) => installed.includes(name))).toEqual([]);
  });

  it('asks for nothing but what is installed with it', () => {
    const asked = [...program.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, id = '']) => id);
    const { dependencies, peerDependencies } = manifest;
    const installed = Object.keys({ ...dependencies, ...peerDependencies });
    expect(asked.filter((id) => !isBuiltin(id) && !installed.includes(id))).toEqual([]);
    expect(asked).toEqual(expect.arrayContaining(['undici', 'express', 'pg']));
  });

  it('keeps the names of errors, which logs tell', () => {
    const failures = /\bclass (\w+) extends \w*(?:Error|Failure|Damage)\b(?:(?!^})[^])*/gm;
    const inLib = sources.flatMap(({ text }) => [...text.matchAll(failures)]);
    // Some name themselves.
    const named = inLib.filter(([body]) => !body.includes("this.name = '"));
    const made = /\b(\w+) = class(?: (\w+))? extends \w*(?:Error|Failure|Damage)\b/g;
    const names = [...program.matchAll(made)].map(([, outer, inner = outer]) => inner);
    expect(named.length).toBeGreaterThan(20);
    for (const [, name] of named) expect(names).toContain(name);
  });

  it('can be read in a stack trace', () => {
    expect(program.split('\n').length).toBeGreaterThan(10_000);
  });
});

describe('slow libraries are loaded only by what needs them:', () => {
  const SLOW = ['express', 'jws', 'libsql', 'pg', 'prom-client', 'undici', 'zod'];
  const preload = join(mkdtempSync(join(folder, 'preload-')), 'preload.cjs');
  writeFileSync(
    preload,
    `process.on('exit', () => {
      const files = Object.keys(require.cache);
      const isLoaded = (name) => files.some((file) => file.includes('/node_modules/' + name + '/'));
      console.error('loaded ' + JSON.stringify(${JSON.stringify(SLOW)}.filter(isLoaded)) + ';');
    });`,
  );
  const start = (words: string): Child =>
    new Child(process.execPath, ['--require', preload, MAIN, ...words.split(' ')], { cwd: folder });

  it.each<[words: string, libraries: readonly string[]]>([
    ['serve --help', []],
    ['users list --store users.json', ['zod']],
  ])('%s loads %j', async (words, libraries) => {
    const child = start(words);
    await child.exited;
    expect(child.stderr).toContain(`loaded ${JSON.stringify(libraries)};`);
  });

  it('a server', async () => {
    const child = start('serve --port 0 --store users.db');
    const [, url = ''] = await child.until(/listening on (http:[^,]+\d)/);
    expect((await fetch(`${url}/kapacitor/v1/users`)).status).toBe(401);
    child.process.kill('SIGTERM');
    await child.exited;
    expect(child.stderr).toContain('loaded ["express","libsql","zod"];');
  });
});

it('a person who types the word that makes a worker is refused as for any other', async () => {
  const child = new Child(process.execPath, [MAIN, 'serve-worker'], { cwd: folder });
  await expect(child.exited).resolves.toBe(2);
  expect(child.stderr).toContain("unknown command 'serve-worker'");
});

describe("the package's entries, each made one file", () => {
  it.each(['index.js', 'store-contract.js'])('%s loads no other file of lib', (name) => {
    const text = readFileSync(join(dirname(MAIN), '..', name), 'utf8');
    const loaded = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, id = '']) => id);
    expect(loaded.filter((id) => id.startsWith('.'))).toEqual([]);
  });

  it("work together: the contract's cases pass for the store of the other", async () => {
    const script = `
      const { MemoryUserStore } = lib('index.js');
      const { userStoreContract } = lib('store-contract.js');
      const abilities = { durable: false, shared: false, subscriptions: true, grants: true };
      const failed = [];
      const cases = userStoreContract(() => new MemoryUserStore(), abilities);
      for (const { name, run } of cases)
        await run().catch((error) => failed.push(name + ': ' + error));
      process.stdout.write(JSON.stringify({ failed, some: cases.length > 20 }));`;
    await expect(runWithLib({ script })).resolves.toEqual({ failed: [], some: true });
  });
});
