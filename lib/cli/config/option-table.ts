import type { DescribedOption } from '../../index.js';

/** Options as rows of a table, below the names of its columns. */
export function optionTable(options: readonly DescribedOption[]): readonly (readonly string[])[] {
  const rows = options.map(({ key, value, origin }) => [
    key,
    value === '' ? '""' : String(value),
    origin,
  ]);
  return [['OPTION', 'VALUE', 'ORIGIN'], ...rows];
}
