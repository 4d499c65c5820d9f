import { isUint8Array } from 'node:util/types';

/** The longest text that is read, in bytes: longer than any that is written. */
export const LONGEST_TEXT = 4096;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The bytes of a text from libsql. libsql itself must never decode a text that may be damaged: one
 * byte that is not UTF-8 ends the process.
 */
export function isBytes(value: unknown): value is Uint8Array {
  return isUint8Array(value);
}

/**
 * Returns true for a row of so many columns: the kind of its key, the bytes of its key, and the
 * bytes of other columns or null for those that can't be read.
 */
export function isKeyedRow(row: unknown, columns: number): boolean {
  if (!Array.isArray(row) || row.length !== columns) return false;
  const [kind, key, ...others] = Array.from<unknown>(row);
  const areBytes = others.every((value) => value === null || isBytes(value));
  return typeof kind === 'string' && isBytes(key) && areBytes;
}

/**
 * A column that holds text, to be read as bytes; null if it holds something else, or more than
 * {@link LONGEST_TEXT} bytes.
 */
export function textColumn(column: string): string {
  return longTextColumn(column, LONGEST_TEXT);
}

/** As {@link textColumn}, with another limit, in bytes. */
export function longTextColumn(column: string, longest: number): string {
  const isText = `typeof(${column}) = 'text' AND octet_length(${column}) <= ${String(longest)}`;
  return `CASE WHEN ${isText} THEN CAST(${column} AS BLOB) END`;
}

/** A column that holds 0 or 1, to be read as the byte of that digit; null if it holds others. */
export function flagColumn(column: string): string {
  return `CASE ${column} WHEN 0 THEN x'30' WHEN 1 THEN x'31' END`;
}

/** Decodes a text; returns undefined if it is not UTF-8. */
export function decodeText(text: Uint8Array | null): string | undefined {
  if (text === null) return undefined;
  try {
    return decoder.decode(text);
  } catch {
    return undefined;
  }
}

/** The problems of columns that have no text, by their names. */
export function undecoded(texts: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(texts)
    .filter(([, text]) => text === undefined)
    .map(([column]) => `${column} is not a text of UTF-8`);
}
