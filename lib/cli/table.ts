import { printable } from './printable.js';

/**
 * Writes rows as lines with aligned columns.
 *
 * @param styleFirst - styles the first line
 */
export function formatTable(
  rows: readonly (readonly string[])[],
  styleFirst: (line: string) => string = String,
): string {
  const shown = rows.map((row) => row.map(printable));
  const widths: number[] = [];
  for (const row of shown) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, lengthOf(cell));
    }
  }
  const lines = shown.map((row) => widths.map((width, column) => pad(row[column] ?? '', width)));
  return lines
    .map((cells) => cells.join('  ').trimEnd())
    .map((line, index) => `${index === 0 ? styleFirst(line) : line}\n`)
    .join('');
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(width - lengthOf(cell));
}

/** Characters that take two columns of a terminal. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\uff01-\uff60]/u;

/** Returns the width in columns of a terminal, not in UTF-16 units. */
function lengthOf(cell: string): number {
  return Array.from(cell).reduce((length, letter) => length + (WIDE.test(letter) ? 2 : 1), 0);
}
