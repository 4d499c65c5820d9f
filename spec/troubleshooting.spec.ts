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

  describe('has the texts of answers', () => {
    const [, index = ''] = page.split('\n## By the text of an answer\n');
    const rows = Array.from(
      index.split('\n## ')[0]?.matchAll(/^\| (.*?) +\| (\[.*?) +\|$/gm) ?? [],
      ([, text = '', sections = '']) => ({ text, sections }),
    );
    const sources = readSources(join(ROOT, 'lib')).filter(
      ({ path }) => !/^(cli|store-contract)\//.test(path),
    );
    const texts = sources.flatMap(({ text }) => [
      ...Array.from(
        text.matchAll(/'(ERR_KAUTH_[A-Z_]+)',\s*(['`])(?!ERR_KAUTH_)((?:(?!\2).)+)\2/g),
        ([, code = '', , said = '']) => ({ code, said }),
      ),
      ...Array.from(
        text.matchAll(/new OverloadedError\(\s*['`]([^'`]+)['`]/g),
        ([, said = '']) => ({
          code: 'ERR_KAUTH_OVERLOADED',
          said,
        }),
      ),
    ]);

    it('of each error that has one, once, with its section', () => {
      expect(texts.length).toBeGreaterThan(25);
      for (const { code, said } of texts) {
        // The first administrator is none of an HTTP request.
        if (said.startsWith('${VARIABLE}')) continue;
        const plain = said.replace(/\$\{(?:[^{}]|\{[^}]*\})*\}/g, 'x');
        const found = rows.filter(({ text }) => asPattern(text).test(plain));
        expect([plain, found.length]).toEqual([plain, 1]);
        expect(found[0]?.sections).toContain(`(#${code.toLowerCase()})`);
      }
    });

    it('that the code has, and no others', () => {
      const all = sources.map(({ text }) => text.replace(/\$\{(?:[^{}]|\{[^}]*\})*\}/g, '…'));
      for (const { text } of rows) {
        const [longest = ''] = text.split('…').sort((one, other) => other.length - one.length);
        expect([text, all.some((source) => source.includes(longest))]).toEqual([text, true]);
      }
    });

    function asPattern(text: string): RegExp {
      const parts = text.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      return new RegExp(`^${parts.join('.+')}$`);
    }
  });

  it('is what messages name', () => {
    const [repository = ''] = manifest.homepage.split('#');
    expect(helpFor('ERR_KAUTH_CONFIG')).toBe(
      `${repository}/blob/main/docs/troubleshooting.md#err_kauth_config`,
    );
  });
});
