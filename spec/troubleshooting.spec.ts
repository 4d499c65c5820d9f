import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { helpFor } from '../lib/troubleshooting.js';
import manifest from '../package.json';
import { readSources } from './support/read-imports.js';

const ROOT = join(__dirname, '..');
const page = readFileSync(join(ROOT, 'docs/troubleshooting.md'), 'utf8');
const CODE = /\b(?:ERR|WRN)_KAUTH_[A-Z_]+\b/g;

describe('the page about trouble', () => {
  it('has a section for each error and warning, and for nothing else', () => {
    const named = readSources(join(ROOT, 'lib')).flatMap(({ text }) => text.match(CODE) ?? []);
    const sections = Array.from(page.matchAll(/^### (.*)$/gm), ([, title = '']) => title);
    expect(sections.sort()).toEqual([...new Set(named)].sort());
    expect(sections.length).toBeGreaterThan(30);
  });

  it('says something in each section', () => {
    const sections = page.split(/^### /m).slice(1);
    const short = sections.filter((section) => section.trim().split(/\s+/).length < 12);
    expect(short).toEqual([]);
  });

  it('is what messages name', () => {
    const [repository = ''] = manifest.homepage.split('#');
    expect(helpFor('ERR_KAUTH_CONFIG')).toBe(
      `${repository}/blob/main/docs/troubleshooting.md#err_kauth_config`,
    );
  });
});
