import type { OptionRow } from '../../lib/config/option-rows.js';
import { optionRows } from '../../lib/config/option-rows.js';

const COLUMNS: readonly (readonly [title: string, cell: (row: OptionRow) => string])[] = [
  ['Option', ({ id }) => `\`${id}\``],
  ['Environment variable', ({ variable }) => `\`${variable}\``],
  ['Type', ({ option }) => option.type.name],
  ['Default', ({ option }) => `\`${JSON.stringify(option.type.print(option.default))}\``],
  ['Meaning', ({ option }) => option.purpose],
];

/** All options as a table in Markdown, aligned as Prettier aligns it. */
export function optionTable(): string {
  const columns = COLUMNS.map(([title, cell]) => {
    const width = Math.max(title.length, ...optionRows.map((row) => cell(row).length));
    return { title: title.padEnd(width), rule: '-'.repeat(width), cell, width };
  });
  const lines = [
    columns.map(({ title }) => title),
    columns.map(({ rule }) => rule),
    ...optionRows.map((row) => columns.map(({ cell, width }) => cell(row).padEnd(width))),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
