/** A column of text as it came; empty for NULL, which no column of ours can be. */
export function textOf(column: unknown): string {
  return typeof column === 'string' ? column : '';
}

/** The longest text that is asked for, in bytes. */
const LONGEST = 1024;

/**
 * Returns true if PostgreSQL can hold a text, so that it can be asked for: no text has a NUL, and
 * half a surrogate pair would become another character.
 */
export function isAskable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed() && Buffer.byteLength(text) <= LONGEST;
}
