import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const ROOT = join(__dirname, '..');

/** The files and folders at the top of the repository, beside hidden files and what git ignores. */
const TOP_LEVEL = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'docs',
  'eslint.config.mjs',
  'fixtures',
  'lib',
  'package-lock.json',
  'package.json',
  'spec',
  'tsconfig.json',
];

const MAX_LINES = 300;

const run = promisify(execFile);

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** The patterns of .gitignore, which hold no wildcard but `*`. */
const ignored = read('.gitignore')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) =>
    line
      .replace(/^\/|\/$/g, '')
      .replaceAll('.', '\\.')
      .replaceAll('*', '.*'),
  )
  .map((pattern) => new RegExp(`^${pattern}$`));

describe('the repository', () => {
  it('has a changelog entry for the version of the package', () => {
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(read('package.json')));
    const entries = read('CHANGELOG.md').match(/^## \S+/gm) ?? [];
    expect(entries).toContain(`## ${version}`);
  });

  it('holds nothing at its top that is not meant to be there', () => {
    const found = readdirSync(ROOT)
      .filter((name) => !name.startsWith('.'))
      .filter((name) => !ignored.some((pattern) => pattern.test(name)));
    expect(found.sort()).toEqual(TOP_LEVEL);
  });

  it('has each spec in one lane of the tests', async () => {
    const listed = await Promise.all(
      ['unit', 'http', 'system'].map(async (lane) => {
        const words = ['--listTests', '--selectProjects', lane];
        const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
        const { stdout } = await run(process.execPath, [jest, ...words], { cwd: ROOT });
        return stdout.split('\n').filter((line) => line.endsWith('.spec.ts'));
      }),
    );
    const specs = readdirSync(join(ROOT, 'spec'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.spec.ts'))
      .map((path) => join(ROOT, 'spec', path));
    expect(listed.flat().sort()).toEqual(specs.sort());
  });

  it('pins the actions of its workflows, and tries every Node.js that is supported', () => {
    const workflow = read('.github/workflows/ci.yml');
    const used = Array.from(workflow.matchAll(/uses: (.*)$/gm), ([, action = '']) => action);
    expect(used.filter((action) => !/@[0-9a-f]{40} # v[\d.]+$/.test(action))).toEqual([]);
    expect(used.length).toBeGreaterThan(1);
    expect(workflow).toContain('node: [20, 22, 24]');
  });

  it(`has no file of more than ${String(MAX_LINES)} lines in lib`, () => {
    const long = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.m?ts$/.test(path))
      .filter((path) => read(join('lib', path)).trimEnd().split('\n').length > MAX_LINES);
    expect(long).toEqual([]);
  });
});
