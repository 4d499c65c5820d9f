import type { DescribedOption } from '../../index.js';

/** Writes options as rows of a table, below a row of column names. */
export function optionTable(options: readonly DescribedOption[]): readonly (readonly string[])[] {
  const rows = options.map(({ key, value, origin }) => [
    key,
    value === '' ? '""' : String(value),
    origin,
  ]);
  return [['OPTION', 'VALUE', 'ORIGIN'], ...rows];
}
