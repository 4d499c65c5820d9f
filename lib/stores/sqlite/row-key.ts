import { z } from 'zod';
import { bytes, decodeText, LONGEST_TEXT } from './text-column.js';

/** Characters shown as they are: no blanks, nothing that a terminal obeys, no backslash. */
const SEEN = /^(?:[\p{L}\p{M}\p{N}\p{S}]|(?!\\)\p{P})+$/u;

/** Bytes shown of a key that is not a usable text: enough to tell it from others. */
const TOLD = 64;

/**
 * The key of a row, damaged or not: its kind (`text`, `long` for a text that is too long, or
 * another of SQLite's types), and its bytes.
 */
export type RowKey = readonly [kind: string, bytes: Uint8Array];

/** The two columns of a key. SQLite's name of the kind is ASCII, whatever the row holds. */
export function keyColumns(column: string): string {
  return `${kindOf(column)}, ${bytesOf(column, LONGEST_TEXT)}`;
}

export const keyRow: z.ZodType<RowKey> = z.tuple([z.string(), bytes]);

/**
 * Writes a key for people, who may also give it to have the row removed. Invisible bytes and
 * backslashes are written as `\xff`, byte by byte: no usable key has one. The kind comes first,
 * such as `\blob:`, if the key is no text or an empty one: nobody could type that.
 */
export function shownKey([kind, key]: RowKey): string {
  return kind === 'text' && key.length > 0
    ? shown(key)
    : `\\${kind}:${shown(key.subarray(0, TOLD))}`;
}

/** The SQL condition, with its parameters, for the rows that a shown key means. */
export function conditionOf(
  column: string,
  text: string,
): { readonly condition: string; readonly parameters: readonly string[] } {
  const [, kind, rest] = /^\\(null|integer|real|text|long|blob):(.*)$/su.exec(text) ?? [];
  if (kind === undefined || rest === undefined) {
    return {
      condition: `${column} = CAST(unhex(?1) AS TEXT)`,
      parameters: [hexOf(bytesShown(text))],
    };
  }
  return {
    condition: `${kindOf(column)} = ?1 AND hex(${bytesOf(column, TOLD)}) = ?2`,
    parameters: [kind, hexOf(bytesShown(rest)).toUpperCase()],
  };
}

/**
 * Bytes as a parameter: `CAST(unhex(?) AS TEXT)`. libsql takes a Buffer for an object of named
 * parameters.
 */
export function hexOf(key: Uint8Array): string {
  return Buffer.from(key).toString('hex');
}

function kindOf(column: string): string {
  const isLong = `octet_length(${column}) > ${String(LONGEST_TEXT)}`;
  return `CASE WHEN typeof(${column}) = 'text' AND ${isLong} THEN 'long' ELSE typeof(${column}) END`;
}

function bytesOf(column: string, length: number): string {
  // SQLite's substr() of no bytes is NULL.
  return `ifnull(substr(CAST(${column} AS BLOB), 1, ${String(length)}), x'')`;
}

function shown(key: Uint8Array): string {
  const whole = decodeText(key);
  if (whole !== undefined && SEEN.test(whole)) return whole;
  let text = '';
  for (let at = 0; at < key.length;) {
    const character = characterAt(key, at);
    const isSeen = character !== undefined && SEEN.test(character);
    text += isSeen ? character : escaped(key[at]);
    at += isSeen ? Buffer.byteLength(character) : 1;
  }
  return text;
}

/** The character that begins at a byte; undefined if none does. */
function characterAt(key: Uint8Array, at: number): string | undefined {
  for (const length of [1, 2, 3, 4]) {
    const character = decodeText(key.subarray(at, at + length));
    if (character !== undefined) return character;
  }
  return undefined;
}

function escaped(byte = 0): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

function bytesShown(text: string): Uint8Array {
  const parts = text.split(/\\x([0-9a-f]{2})/u);
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 0 ? Buffer.from(part) : Buffer.from(part, 'hex'))),
  );
}
