import { assert, nat, property, record, string, uint8Array } from 'fast-check';
import { sessionKeys } from '../../../lib/authenticate/sessions/session-keys.js';
import type { BoundUser, SessionFacts } from '../../../lib/authenticate/sessions/session-value.js';
import {
  fitsValue,
  readValue,
  writeValue,
} from '../../../lib/authenticate/sessions/session-value.js';

const keys = sessionKeys('a secret');
const facts: SessionFacts = {
  name: 'Zoë.日本',
  startedAt: 1_790_000_000_000,
  usedAt: 1_790_000_000_001,
  id: 'AAECAwQFBgcICQoL',
};
const amy: BoundUser = { hash: '$2b$10$abc', type: 'normal', sessions: '' };
const value = writeValue(facts, amy, keys);

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('the value of a session', () => {
  it('says name, start, last use and id, and fits a cookie', () => {
    expect(readValue(value, keys)).toMatchObject(facts);
    expect(value).toMatch(/^[A-Za-z0-9._-]+$/);
    expect(writeValue({ ...facts, name: 'x' }, amy, keys)).toHaveLength(101);
  });

  it('keeps any name, any time and any user', () => {
    const anything = record({
      name: string({ minLength: 1, maxLength: 200, unit: 'binary' }),
      startedAt: nat({ max: 8e12 }),
      usedAt: nat({ max: 8e12 }),
      id: uint8Array({ minLength: 12, maxLength: 12 }),
      user: record({ hash: string(), type: string(), sessions: string() }),
    });
    assert(
      property(anything, ({ user, id, ...rest }) => {
        const said = { ...rest, id: Buffer.from(id).toString('base64url') };
        const read = readValue(writeValue(said, user, keys), keys);
        expect(read).toMatchObject(said);
        expect(read?.isBoundTo(user)).toBe(true);
      }),
    );
  });

  it('is none if any character of it is another, or one is lacking or too many', () => {
    const others = [...value].flatMap((own, at) => {
      const before = value.slice(0, at);
      const after = value.slice(at + 1);
      const replaced = [...`${ALPHABET}.=+/ %é\n`].filter((character) => character !== own);
      return [
        before + after,
        ...[...ALPHABET, '.', '='].map((added) => before + added + own + after),
        ...replaced.map((character) => before + character + after),
      ];
    });
    const extended = [...ALPHABET, '.', '=', '\n', ' '].map((added) => value + added);
    const accepted = [...others, ...extended, '', '.', '1..', value.repeat(2)].filter(
      (altered) => altered !== value && readValue(altered, keys) !== undefined,
    );
    expect(accepted).toEqual([]);
  });

  it('is none if any bit of any part is another', () => {
    const [version = '', name = '', rest = ''] = value.split('.');
    const flipped = (text: string): string[] => {
      const bytes = Buffer.from(text, 'base64url');
      return Array.from({ length: bytes.length * 8 }, (_, bit) => {
        const altered = Buffer.from(bytes);
        altered.writeUInt8(altered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        return altered.toString('base64url');
      });
    };
    const altered = [
      ...flipped(name).map((other) => [version, other, rest].join('.')),
      ...flipped(rest).map((other) => [version, name, other].join('.')),
    ];
    expect(altered).toHaveLength((Buffer.byteLength(facts.name) + 72) * 8);
    expect(altered.filter((other) => readValue(other, keys) !== undefined)).toEqual([]);
  });

  it('is none if its parts come from two values', () => {
    const others = [
      writeValue({ ...facts, name: 'bob' }, amy, keys),
      writeValue({ ...facts, startedAt: facts.startedAt + 1 }, amy, keys),
      writeValue({ ...facts, id: 'CwoJCAcGBQQDAgEA' }, amy, keys),
      writeValue(facts, { ...amy, hash: '$2b$10$abd' }, keys),
    ];
    const own = value.split('.');
    const cuts = [0, 32, 75, 96];
    for (const other of others) {
      const [, name = '', rest = ''] = other.split('.');
      const mixed = [
        ...cuts.map(
          (cut) => `1.${String(own[1])}.${String(own[2]).slice(0, cut)}${rest.slice(cut)}`,
        ),
        ...cuts.map((cut) => `1.${name}.${rest.slice(0, cut)}${String(own[2]).slice(cut)}`),
      ].filter((text) => text !== value && text !== other);
      expect(mixed.filter((text) => readValue(text, keys) !== undefined)).toEqual([]);
    }
  });

  it.each<[string, BoundUser]>([
    ['another hash', { ...amy, hash: '$2b$10$abd' }],
    ['no hash', { ...amy, hash: '' }],
    ['another type', { ...amy, type: 'admin' }],
    ['ended sessions', { ...amy, sessions: 'x' }],
    ['a border elsewhere', { hash: '$2b$10$ab', type: 'cnormal', sessions: '' }],
    ['a border elsewhere, at the end', { hash: '$2b$10$abc', type: 'norma', sessions: 'l' }],
  ])('is not bound to a user with %s', (_, other) => {
    const read = readValue(value, keys);
    expect(read?.isBoundTo(amy)).toBe(true);
    expect(read?.isBoundTo(other)).toBe(false);
  });

  it('counts under its own key alone', () => {
    expect(readValue(value, sessionKeys('another secret'))).toBeUndefined();
    expect(readValue(value, sessionKeys(Buffer.from('a secret')))).toMatchObject(facts);
  });

  it('holds the longest name that a store keeps, and refuses what is longer unread', () => {
    const longest = 'ß'.repeat(512);
    const long = writeValue({ ...facts, name: longest }, amy, keys);
    expect(fitsValue(longest)).toBe(true);
    expect(readValue(long, keys)?.name).toBe(longest);
    const tooLong = 'x'.repeat(1500);
    expect(fitsValue(tooLong)).toBe(false);
    expect(readValue(writeValue({ ...facts, name: tooLong }, amy, keys), keys)).toBeUndefined();
    expect(fitsValue('half a \ud800 character')).toBe(false);
  });
});
