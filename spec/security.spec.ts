import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../package.json';
import { codes, tableRows } from './support/markdown.js';

const ROOT = join(__dirname, '..');
const security = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8');

describe('SECURITY.md', () => {
  it('lists the runtime dependencies, and the optional one, each with its reason', () => {
    const rows = tableRows(security, 'Package', 'For');
    const listed = rows.map(([name = '']) => codes(name)[0]);
    const libraries = [...Object.keys(manifest.dependencies), 'pg'];
    expect(listed.sort()).toEqual(libraries.sort());
    for (const [, reason] of rows) expect(reason).toMatch(/\w{3}/);
  });

  it('names specs that there are, for each promise', () => {
    const rows = tableRows(security, 'Promise', 'Proved by');
    expect(rows.length).toBeGreaterThan(10);
    for (const [promise = '', proofs = ''] of rows) {
      const specs = codes(proofs);
      expect([promise, specs.filter((path) => !existsSync(join(ROOT, path)))]).toEqual([
        promise,
        [],
      ]);
      expect(specs.filter((path) => !path.endsWith('.spec.ts'))).toEqual([]);
      expect(specs).not.toEqual([]);
    }
  });

  it('is linked to by README', () => {
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain('](SECURITY.md)');
  });

  it('names no install script that production needs beside those that are prebuilt', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { hasInstallScript?: true; dev?: true; optional?: true }>;
    };
    const scripts = Object.entries(lock.packages)
      .filter(([, { hasInstallScript, dev }]) => hasInstallScript && !dev)
      .map(([path]) => path);
    expect(scripts).toEqual(['node_modules/bcrypt']);
  });
});
