import { bytesShown, shownBytes } from '../rules/shown-bytes.js';
import type { RowForm } from './database.js';
import { isKeyedRow, LONGEST_TEXT } from './text-column.js';

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

export const isKeyRow: RowForm<RowKey> = (row): row is RowKey => isKeyedRow(row, 2);

/**
 * Writes a key for people, who may also give it to have the row removed. Invisible bytes and
 * backslashes are written as `\xff`, byte by byte: no usable key has one. The kind comes first,
 * such as `\blob:`, if the key is no text or an empty one: nobody could type that.
 */
export function shownKey([kind, key]: RowKey): string {
  return kind === 'text' && key.length > 0
    ? shownBytes(key)
    : `\\${kind}:${shownBytes(key.subarray(0, TOLD))}`;
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
