import type { Writable } from 'node:stream';
import { styled } from './styled.js';
import { formatTable } from './table.js';

/** Writes a table for people. The first row names the columns. */
export function printTable(stream: Writable, rows: readonly (readonly string[])[]): void {
  stream.write(formatTable(rows, (line) => styled(stream, 'bold', line)));
}
