import type { FileUser, FileUsers, LeftOut } from './file-users.js';

/** Other hashes of an htpasswd than bcrypt (`$2a$`, `$2b$`, `$2y$`), by their beginning. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^\$apr1\$/, "Apache's MD5"],
  [/^\$1\$/, 'MD5'],
  [/^\$5\$/, 'SHA-256'],
  [/^\$6\$/, 'SHA-512'],
  [/^\$y\$/, 'yescrypt'],
  [/^\{S?SHA\}/i, 'SHA-1'],
  [/^\$2x\$/, 'a broken bcrypt ($2x$)'],
];

/** Characters that Apache takes for blanks (`apr_isspace`). */
const BLANKS = /^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g;

/**
 * Reads the lines `NAME:HASH` of an Apache htpasswd as Apache reads them. Blanks around a line
 * don't count. A backslash at the end of a line joins it with the next. Several colons count as
 * one. If a name is there twice, the first counts.
 */
export function parseHtpasswd(text: string): FileUsers {
  const users = new Map<string, FileUser>();
  const leftOut: LeftOut[] = [];
  for (const { number, line } of linesOf(text)) {
    if (line === '' || line.startsWith('#')) continue;
    const place = `line ${String(number)}`;
    const [, name = '', hash = ''] = /^([^:]+):+([^:]*)/.exec(line) ?? [];
    const before = users.get(name);
    const problem =
      before === undefined ? judge(name, hash) : `is the same user as on ${before.place}`;
    if (problem === undefined) users.set(name, { place, name, hash });
    else leftOut.push({ place, name: isShowable(name) ? name : undefined, reason: problem });
  }
  return { users: [...users.values()], leftOut };
}

interface Line {
  /** Counted from 1; of joined lines, the first. */
  readonly number: number;
  readonly line: string;
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let begun: Line | undefined;
  for (const [index, part] of text.split('\n').entries()) {
    const { number, line } = begun ?? { number: index + 1, line: '' };
    const joined = line + part.replace(/\r$/, '');
    begun = joined.endsWith('\\') ? { number, line: joined.slice(0, -1) } : undefined;
    if (begun === undefined) lines.push({ number, line: joined.replace(BLANKS, '') });
  }
  if (begun !== undefined) lines.push({ ...begun, line: begun.line.replace(BLANKS, '') });
  return lines;
}

function judge(name: string, hash: string): string | undefined {
  if (!isShowable(name)) return 'is not NAME:HASH';
  if (/^\$2[aby]\$/.test(hash)) return undefined;
  if (hash.startsWith('$$'))
    return 'has each "$" of its hash doubled, as a Compose file needs it: write each once';
  if (/^[ \t]/.test(hash))
    return 'has a blank before its hash, which Apache takes for a part of it';
  const [, kind = 'crypt or not at all'] = KINDS.find(([pattern]) => pattern.test(hash)) ?? [];
  return `is hashed by ${kind}, not by bcrypt`;
}

/** Returns false for a name that may be a hash, as in mixed-up columns. */
function isShowable(name: string): boolean {
  return name !== '' && !/[${}]/.test(name);
}
