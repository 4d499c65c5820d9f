import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import manifest from '../package.json';
import { readPages } from './support/pages.js';

const ROOT = join(__dirname, '..');

/** Lists the files that `npm pack` would put into the package; what is built lies in dist, if it was built. */
function packed(): readonly string[] {
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const printed = execFileSync('npm', words, { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' });
  const schema = z.tuple([z.object({ files: z.array(z.object({ path: z.string() })) })]);
  const [{ files }] = schema.parse(JSON.parse(printed));
  return files.map(({ path }) => path);
}

describe('the package', () => {
  it('says where it comes from, and where faults are told', () => {
    for (const url of [manifest.repository.url, manifest.homepage, manifest.bugs.url]) {
      expect(url).toMatch(/^(?:git\+)?https:\/\//);
    }
  });

  it('holds the documents, and each file that they give for deployment', () => {
    const files = packed();
    const deploy = readdirSync(join(ROOT, 'fixtures/deploy'));
    const wanted = deploy.map((name) => `fixtures/deploy/${name}`);
    const documents = [
      ...readPages().map(({ path }) => path),
      'SECURITY.md',
      'CHANGELOG.md',
      'LICENSE',
      'package.json',
    ];
    expect(files).toEqual(expect.arrayContaining([...wanted, ...documents]));
  });

  it('holds each picture that its documents show', () => {
    const shown = readPages().flatMap(({ path }) =>
      [...readFileSync(join(ROOT, path), 'utf8').matchAll(/!\[[^\]]*\]\(([^):]+)\)/g)].map(
        ([, picture = '']) => join(dirname(path), picture),
      ),
    );
    expect(shown).not.toEqual([]);
    expect(packed()).toEqual(expect.arrayContaining(shown));
  });

  it('holds nothing else', () => {
    const others = packed().filter(
      (path) =>
        !/^(?:dist|fixtures\/deploy)\/(?!\.)|^docs\/[\w-]+\.(?:md|svg|png)$|^[^/]+$/.test(path),
    );
    expect(others).toEqual([]);
  });

  it('has the command and each entry in one file, and not what they are made of', () => {
    expect(manifest.bin).toEqual({ 'kapacitor-auth': 'dist/bin/main.js' });
    const scripts = packed().filter((path) => /^dist\/.*js$/.test(path));
    const made = [
      'dist/bin/main.js',
      ...['index', 'store-contract'].map((name) => `dist/${name}.js`),
    ];
    expect(
      scripts.filter((path) => !made.includes(path) && !/^dist\/[\w-]+\.mjs$/.test(path)),
    ).toEqual([]);
    expect(packed().filter((path) => /^dist\/(?:cli|server)\//.test(path))).toEqual([]);
  });

  it.each(['bench', 'mutation'])('brings nobody who works on it what only %s needs', (name) => {
    const folder = join(ROOT, 'fixtures', name);
    const text = readFileSync(join(folder, 'package.json'), 'utf8');
    const { dependencies } = z
      .object({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(text));
    const own = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(own.filter((each) => Object.hasOwn(dependencies, each))).toEqual([]);
    expect(existsSync(join(folder, 'package-lock.json'))).toBe(true);
    const script = manifest.scripts[name === 'bench' ? 'bench' : 'mutation'];
    const installs =
      name === 'bench'
        ? 'node fixtures/bench/bench.mjs'
        : /^node fixtures\/build\/install\.mjs mutation /;
    expect(script).toMatch(installs);
  });

  it.each(['bench', 'mutation'])('is not asked for by name in %s, a package of its own', (name) => {
    const folder = join(ROOT, 'fixtures', name);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (path) => /\.[cm]?js$/.test(path) && !path.startsWith('node_modules'),
    );
    expect(files).not.toEqual([]);
    const asking = files.filter((path) =>
      /(?:require\(|from |import\()'kapacitor-auth'\)?;$/m.test(
        readFileSync(join(folder, path), 'utf8'),
      ),
    );
    expect(asking).toEqual([]);
  });
});
