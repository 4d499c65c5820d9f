import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from './support/read-imports.js';
import { readSources } from './support/read-imports.js';

const ROOT = join(__dirname, '..');
const files = readSources(join(ROOT, 'lib'));

/** All programs below a folder, but for those of others. */
function programs(folder: string): SourceFile[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory())
      return /^(?:node_modules|dist)$/.test(entry.name) ? [] : programs(path);
    if (!/\.[cm]?[jt]s$/.test(path)) return [];
    return [{ path, text: readFileSync(join(ROOT, path), 'utf8') }];
  });
}

/** Lines that break a rule, each by its place. */
function lines(
  breaks: (line: string, before: string) => boolean,
  among: readonly SourceFile[] = files,
): string[] {
  return among.flatMap(({ path, text }) => {
    const all = text.split('\n');
    return all
      .map((line, index) => ({
        line,
        before: all[index - 1] ?? '',
        place: `${path}:${String(index + 1)}`,
      }))
      .filter(({ line, before }) => breaks(line, before))
      .map(({ line, place }) => `${place}: ${line.trim()}`);
  });
}

/** A docblock that begins like a question says what is asked, and not what is there. */
const QUESTION = /^\s*\/?\*\*?\s*(What|Who|Whom|Whose|How|Where|Whether)\b/;

const COMMENT = /^\s*(\/\/|\/\*\*?|\*)/;

describe.each(['lib', 'spec', 'fixtures'])('the words of %s', (folder) => {
  it('open no docblock like a question', () => {
    const opens = (line: string, before: string) =>
      line.trim().startsWith('/**')
        ? QUESTION.test(line)
        : before.trim() === '/**' && QUESTION.test(line);
    expect(lines(opens, programs(folder))).toEqual([]);
  });
});

describe('the words of lib', () => {
  it('fit into 100 columns', () => {
    expect(lines((line) => COMMENT.test(line) && line.length > 100)).toEqual([]);
  });

  it('are few in a file: none has more than 300 lines, and half of them no more than 120', () => {
    const lengths = files.map(({ text }) => text.split('\n').length - 1).sort((a, b) => a - b);
    expect(lengths.at(-1)).toBeLessThanOrEqual(300);
    expect(lengths[lengths.length >> 1]).toBeLessThanOrEqual(120);
  });
});
