/**
 * All that clients sent as secrets while a file of specs ran, and where any of it turned up again. Specs need nothing of this: all that
 * logs, warns or answers in them is looked through (watch-for-leaks.ts).
 */
const HASH = /\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/;
const TOKEN = /\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]{20,}/;
const CREDENTIALS = /\b(?:Basic|Bearer) [\w+/=.-]{16,}/i;

/** So many are remembered, newest last: specs that try thousands don't tell of the first any more. */
const MAX_SECRETS = 500;

/** Shorter ones, and words, stand in texts by chance. */
const MIN_LENGTH = 6;
const WORD = /^[A-Za-z]*$/;

const secrets = new Set<string>();
const leaks: string[] = [];

function learn(secret: string): void {
  if (secret.length < MIN_LENGTH || WORD.test(secret)) return;
  secrets.delete(secret);
  secrets.add(secret);
  for (const oldest of secrets) {
    if (secrets.size <= MAX_SECRETS) break;
    secrets.delete(oldest);
  }
}

/** Remembers the secrets of a request: its `Authorization` field, and what `p` says in its query. */
export function learnFrom(authorization = '', target = ''): void {
  const [, scheme = '', credentials = ''] = /^(\w+) +(.*)$/.exec(authorization) ?? [];
  learn(credentials);
  if (scheme.toLowerCase() === 'basic') {
    const [name = '', ...rest] = Buffer.from(credentials, 'base64').toString().split(':');
    const password = rest.join(':');
    if (!name.includes(password)) learn(password);
  }
  const query = target.includes('?') ? target.slice(target.indexOf('?') + 1) : '';
  for (const password of new URLSearchParams(query).getAll('p')) learn(password);
}

/** Looks through a text that somebody may read. */
export function look(where: string, text: string): void {
  for (const pattern of [HASH, TOKEN, CREDENTIALS]) {
    const found = pattern.exec(text);
    if (found !== null) leaks.push(`${where}: ${found[0]}`);
  }
  lookForSent(where, text);
}

/** The same for what may well tell a hash or a token, as a command that makes one. */
export function lookForSent(where: string, text: string): void {
  for (const secret of secrets) {
    if (text.includes(secret)) leaks.push(`${where}: ${secret}`);
  }
}

/** Returns what was found since this was last asked. */
export function takeLeaks(): readonly string[] {
  return leaks.splice(0);
}
