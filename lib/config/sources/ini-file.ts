import { parse } from 'ini';
import { options } from '../options.js';
import { isOwnKey } from '../own-keys.js';
import { keyLines, linesOf } from './key-lines.js';
import type { ParsedFile, SyntaxFault } from './parsed-file.js';

/** A line that can't be misread: blank, a comment, `[section]` or `key = value`. */
const LINE = /^(?:\s*|\s*[;#].*|\[[^[\]]*\]\s*|\s*[^\s=[][^=]*=.*)$/s;

/**
 * Parses an .ini file. The parser accepts any line: it takes `[[influxdb]]` for a key, so that
 * the keys of that section would count for the section before. Such lines are refused.
 */
export function parseIni(text: string): ParsedFile | SyntaxFault {
  const odd = linesOf(text).findIndex((line) => !LINE.test(line));
  if (odd !== -1) {
    const reason = 'expected [section], key = value or a comment; TOML belongs in a .conf or .toml';
    return { line: odd + 1, column: 1, reason };
  }
  return repetitionIn(text) ?? { content: parse(text), isText: true, lines: keyLines(text) };
}

/**
 * Finds a key that a section gives twice: the parser takes the last, a reader may see the first.
 */
function repetitionIn(text: string): SyntaxFault | undefined {
  const seen = new Set<string>();
  let section = '';
  for (const [index, line] of linesOf(text).entries()) {
    const [, header, key] = /^\s*(?:\[([^\]]*)\]|([^\s;#=[][^=]*?)\s*=)/.exec(line) ?? [];
    section = header?.trim() ?? section;
    if (key === undefined || !isOwnKey(options, section)) continue;
    const id = `${section}.${key}`;
    if (seen.has(id)) {
      return { line: index + 1, column: 1, reason: `${id} is given a second time; accepted: once` };
    }
    seen.add(id);
  }
  return undefined;
}
