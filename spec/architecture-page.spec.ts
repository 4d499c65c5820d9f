import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { codes, fences, withoutFences } from './support/markdown.js';

const ROOT = join(__dirname, '..');
const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
const [tree] = fences(page).filter(({ language }) => language === 'text');

/** The paths of a tree that is drawn by two blanks a level. */
function pathsOf(text: string): string[] {
  const parents: string[] = [];
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, blanks = '', name = ''] = /^( *)(\S+)/.exec(line) ?? [];
      parents.splice(blanks.length / 2, Infinity, name);
      return parents.join('');
    });
}

describe('the page of the architecture', () => {
  const drawn = pathsOf(tree?.text ?? '');

  it('draws what there is', () => {
    const missing = drawn.filter((path) => !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
  });

  it('draws every folder of lib', () => {
    const folders = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(ROOT, 'lib', path)).isDirectory())
      .map((path) => `lib/${path}/`);
    expect(drawn.filter((path) => path.endsWith('/')).sort()).toEqual(['lib/', ...folders].sort());
  });

  it('names every file beside the folders', () => {
    const files = readdirSync(join(ROOT, 'lib')).filter((name) => name.endsWith('.ts'));
    const named = [...drawn, ...codes(withoutFences(page))];
    const missing = files.map((name) => `lib/${name}`).filter((path) => !named.includes(path));
    expect(missing).toEqual([]);
  });

  it('names files that there are', () => {
    const named = codes(withoutFences(page)).filter((code) =>
      /^(?:lib|spec|docs|fixtures)\//.test(code),
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it.each(['A store', 'A permission', 'An option', 'A credential', 'A page of the server'])(
    'names the first file for: %s',
    (title) => {
      const [, section = ''] = page.split(`\n## ${title}\n`);
      const [first = ''] = codes(section.slice(0, section.indexOf('\n## ')));
      expect(first).toMatch(/^lib\/.*/);
    },
  );
});
