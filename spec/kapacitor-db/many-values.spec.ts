import { GobBytes } from '../../lib/kapacitor-db/gob/gob-bytes.js';
import type { GobType } from '../../lib/kapacitor-db/gob/gob-type.js';
import { readValue } from '../../lib/kapacitor-db/gob/gob-value.js';

it('a list of a million empty structs is refused before it fills the memory', () => {
  const types = new Map<number, GobType>([
    [1, { kind: 'list', element: 2 }],
    [2, { kind: 'struct', fields: [] }],
  ]);
  const bytes = new Uint8Array(4 + 1_000_000);
  // The number of structs in three bytes; each struct ends at once.
  bytes.set([0xfd, 0x0f, 0x42, 0x40]);
  expect(() => readValue(new GobBytes(bytes), types, 1)).toThrow('it holds too many values');
});
