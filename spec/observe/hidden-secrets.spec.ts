import fc from 'fast-check';
import { holdsSecret, isSecretName } from '../../lib/observe/hidden-secrets.js';
import { requestFacts } from '../../lib/observe/request-facts.js';
import { SECRET_WORDS } from '../../lib/observe/secret-words.js';
import { loggableTarget } from '../../lib/server/loggable-target.js';
import { MORE_SPELLINGS, READABLE, SECRET, SPELLINGS } from './spelled-secrets.js';

/** All that is written about a target: in the log of requests, in events, and in the audit log. */
function written(url: string): string {
  return `${loggableTarget(url)} ${requestFacts({ url }).path ?? ''}`;
}

type Change = (text: string) => string;

/** Applies a change to all but the secret itself. */
const around =
  (change: Change): Change =>
  (text) =>
    text.split(SECRET).map(change).join(SECRET);

/** Writes characters in another way, but leaves those that are written so already. */
const each = (pattern: RegExp, change: (code: number) => string): Change =>
  around((text) =>
    text.replace(/%(?:25)*[\da-f]{2}|\\u[\da-f]{4}|./gi, (letter) =>
      letter.length === 1 && pattern.test(letter) ? change(letter.charCodeAt(0)) : letter,
    ),
  );

const hex = (code: number, length = 2) => code.toString(16).padStart(length, '0');

const ENCODINGS: readonly Change[] = [
  around(encodeURIComponent),
  each(/[^/?]/, (code) => `%${hex(code)}`),
  each(/[=:?&@]/, (code) => `%${hex(code).toUpperCase()}`),
  each(/[a-z]/i, (code) => encodeURIComponent(String.fromCharCode(code + 0xfee0))),
  each(/[a-z]/i, (code) => `\\u${hex(code, 4)}`),
  each(/[a-z]/i, (code) => `%26%23${String(code)}%3B`),
  each(/[a-z]/i, (code) => `%c1%${hex((code & 63) | 128)}`),
  each(/[a-z]/i, (code) => `%00${String.fromCharCode(code)}%ff`),
];

const NAMES = ['p', 'u', 'password', 'pw', 'token', 'apiKey', 'auth', 'secret', 'jwt'];
const KEYS: readonly Change[] = [
  (name) => name,
  (name) => `user[${name}]`,
  (name) => `[${name}]`,
  (name) => `${name}[0][x]`,
  (name) => `form.${name}`,
  (name) => `new_${name}`,
  (name) => `"${name}"`,
  (name) => `${name}2`,
  (name) => `${name}_confirmation`,
  (name) => name.toUpperCase(),
];
const GIVEN: readonly Change[] = [
  (key) => `${key}=${SECRET}`,
  (key) => `${key}:${SECRET}`,
  (key) => `{"${key}": "${SECRET}"}`,
  (key) => `${key} = '${SECRET}'`,
  () => `Authorization: Basic ${SECRET}`,
  () => `Bearer ${SECRET}`,
  () => `id=eyJhbGciOiJIUzI1NiJ9.eyJ1IjoiYW15In0.${SECRET}`,
  () => `http://amy:${SECRET}@host/x`,
  () => `http:\\\\amy:${SECRET}@host/x`,
];
const NESTED: readonly Change[] = [
  (text) => text,
  (text) => `next=/y?a=b&${text}`,
  (text) => `a=b|${text}`,
  (text) => `a=(${text})`,
  (text) => `url=http://x/?z=${text}`,
];
const PLACES = [
  '/x?',
  '/write?db=a&',
  '/x;',
  '/x&',
  '/x#',
  '/x%3F',
  '/x/',
  '/x/y,',
  '/',
  'http://h/',
];

const one = (changes: readonly Change[]) => fc.constantFrom(...changes);

describe('what is logged, told in events and written to the audit log', () => {
  it.each([...SPELLINGS, ...MORE_SPELLINGS])('holds no secret of %j', (target) => {
    expect(target).toContain(SECRET);
    expect(written(target)).not.toContain(SECRET);
  });

  it.each(READABLE)('shows %s', (target) => {
    expect(loggableTarget(target)).toBe(target);
    expect(requestFacts({ url: target }).path).toBe(target.split('?', 1)[0]);
  });

  it('holds no secret behind any word that tells of one', () => {
    const { anywhere, atEnd, alone, schemes } = SECRET_WORDS;
    const names = [
      ...anywhere.flatMap((word) => [word, `x${word}y`, word.toUpperCase()]),
      ...atEnd.flatMap((word) => [word, `x${word}`, `x-${word}2`, `${word}.y`]),
      ...alone.flatMap((word) => [word, `x_${word}`, `${word}2`, `[${word}]`]),
    ];
    const given = names.flatMap((name) => [`${name}=${SECRET}`, `{"${name}": "${SECRET}"}`]);
    const texts = [...given, ...schemes.map((scheme) => `${scheme} ${SECRET}`)];
    expect(names.filter((name) => !isSecretName(name))).toEqual([]);
    expect(texts.filter((text) => !holdsSecret(text))).toEqual([]);
    const targets = texts.flatMap((text) => [`/x?${text}`, `/x?a=(${text})`, `/x/${text}`]);
    expect(targets.filter((target) => written(target).includes(SECRET))).toEqual([]);
  });

  it('holds no secret, however its name is nested, joined and encoded', () => {
    const encodings = fc.array(one(ENCODINGS), { maxLength: 3 });
    const spelled = fc.tuple(fc.constantFrom(...NAMES), one(KEYS), one(GIVEN), one(NESTED));
    fc.assert(
      fc.property(fc.constantFrom(...PLACES), spelled, encodings, (place, parts, changes) => {
        const [name, key, give, nest] = parts;
        const text = changes.reduce((inner, change) => change(inner), nest(give(key(name))));
        expect(written(place + text)).not.toContain(SECRET);
      }),
      { numRuns: 3_000 },
    );
  });

  it('holds no token of a subscription, however its path is spelled', () => {
    const encodings = fc.array(one(ENCODINGS), { maxLength: 3 });
    const before = fc.constantFrom('', '/svc', '/.', '/%2e', '/kapacitor/v1', '/x?next=', '/x%2Fy');
    const behind = fc.constantFrom('', '/write', '/write?db=a', '/x/y', '%2Fwrite');
    fc.assert(
      fc.property(before, encodings, behind, (start, changes, end) => {
        const word = changes.reduce((text, change) => change(text), 'subscribe');
        expect(written(`${start}/${word}/${SECRET}${end}`)).not.toContain(SECRET);
      }),
      { numRuns: 1_000 },
    );
  });

  it('has a bound', () => {
    for (const start of ['/', '/%41', '/a:', '//']) {
      const text = written(`${start}${'x'.repeat(60_000)}?${'y'.repeat(60_000)}`);
      expect(text.length).toBeLessThan(2 * 2_100);
    }
  });
});
