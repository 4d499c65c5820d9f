import { parse } from 'ini';
import { keyLines, linesOf } from './key-lines.js';
import type { ParsedFile, SyntaxFault } from './parsed-file.js';

/** A line that can't be misread: blank, a comment, `[section]` or `key = value`. */
const LINE = /^(?:\s*|\s*[;#].*|\[[^[\]]*\]\s*|\s*[^\s=[][^=]*=.*)$/s;

/**
 * Reads an .ini file. The parser takes any line for something, `[[influxdb]]` for a key even, whose section then goes on as
 * the one before: such lines are refused.
 */
export function parseIni(text: string): ParsedFile | SyntaxFault {
  const odd = linesOf(text).findIndex((line) => !LINE.test(line));
  if (odd !== -1) {
    const reason = 'expected [section], key = value or a comment; TOML belongs in a .conf or .toml';
    return { line: odd + 1, column: 1, reason };
  }
  return { content: parse(text), isText: true, lines: keyLines(text) };
}
