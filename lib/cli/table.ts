/** Lines with the cells of each column below each other. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, lengthOf(cell));
    }
  }
  const lines = rows.map((row) => widths.map((width, column) => pad(row[column] ?? '', width)));
  return lines.map((cells) => `${cells.join('  ').trimEnd()}\n`).join('');
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(width - lengthOf(cell));
}

/** In characters, as a terminal shows them, not in UTF-16 units. */
function lengthOf(cell: string): number {
  return Array.from(cell).length;
}
