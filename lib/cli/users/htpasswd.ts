import type { FileUser, LeftOut, UserFile } from './user-file.js';

/** What an htpasswd holds beside bcrypt (`$2a$`, `$2b$`, `$2y$`), by the beginning of the hash. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^\$apr1\$/, "Apache's MD5"],
  [/^\$1\$/, 'MD5'],
  [/^\$5\$/, 'SHA-256'],
  [/^\$6\$/, 'SHA-512'],
  [/^\$y\$/, 'yescrypt'],
  [/^\{S?SHA\}/i, 'SHA-1'],
  [/^\$2x\$/, 'a broken bcrypt ($2x$)'],
];

/** Reads the lines `NAME:HASH` of an Apache htpasswd; of a name that is there twice the first counts, as in Apache. */
export function parseHtpasswd(text: string): UserFile {
  const users = new Map<string, FileUser>();
  const leftOut: LeftOut[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const place = `line ${String(index + 1)}`;
    const [, name = '', hash = ''] = /^([^:]+):([^:]*)/.exec(line) ?? [];
    const before = users.get(name);
    const problem =
      before === undefined ? judge(name, hash) : `is the same user as on ${before.place}`;
    if (problem === undefined) users.set(name, { place, name, hash });
    else leftOut.push({ place, name: isShowable(name) ? name : undefined, reason: problem });
  }
  return { kind: 'htpasswd', users: [...users.values()], leftOut };
}

function judge(name: string, hash: string): string | undefined {
  if (!isShowable(name)) return 'is not NAME:HASH';
  if (/^\$2[aby]\$/.test(hash)) return undefined;
  const [, kind = 'crypt or not at all'] = KINDS.find(([pattern]) => pattern.test(hash)) ?? [];
  return `is hashed by ${kind}, not by bcrypt`;
}

/** Where the columns were mixed up a name may be a hash. */
function isShowable(name: string): boolean {
  return name !== '' && !/[${}]/.test(name);
}
