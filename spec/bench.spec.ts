import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import manifest from '../package.json';
import { temporaryFolder } from './support/temporary-folder.js';

const FIXTURES = join(__dirname, '../fixtures');
const names = readdirSync(join(FIXTURES, 'bench/benchmarks')).map((file) => basename(file, '.mjs'));

describe('npm run bench, where nothing is installed or built', () => {
  const folder = temporaryFolder();
  cpSync(join(FIXTURES, 'bench'), join(folder, 'fixtures/bench'), {
    recursive: true,
    filter: (path) => basename(path) !== 'node_modules',
  });
  const [program = '', ...words] = manifest.scripts.bench.split(' ');

  function bench(...more: readonly string[]) {
    expect(program).toBe('node');
    const { stdout, stderr, status } = spawnSync(process.execPath, [...words, ...more], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(readdirSync(folder)).toEqual(['fixtures']);
    expect(existsSync(join(folder, 'fixtures/bench/node_modules'))).toBe(false);
    return { stdout, stderr, status };
  }

  it('lists its options and all benchmarks with their titles', () => {
    const { stdout, stderr, status } = bench('--help');
    expect([stderr, status]).toEqual(['', 0]);
    expect(stdout).toContain('--quick');
    const listed = Array.from(stdout.matchAll(/^ {2}([a-z-]+) +\S.+$/gm), ([, name]) => name);
    expect(listed).toEqual(expect.arrayContaining(names));
    expect(stdout).toMatch(/^ {2}gateway +gateways before one upstream/m);
    expect(stdout).toMatch(/^ {2}soak .*\(--soak\)$/m);
    expect(stdout.indexOf('  warm-authentication ')).toBeLessThan(stdout.indexOf('  --quick'));
  });

  it('refuses a benchmark or an option that there is not', () => {
    const { stderr, status } = bench('flod');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^there is no benchmark flod, but: cache-bounds, .*\n$/);
    const slow = bench('--slow');
    expect(slow.status).toBe(1);
    expect(slow.stderr).toMatch(/^Unknown option '--slow'.*\n$/);
  });
});
