import { Damage } from '../damage.js';
import type { GobBytes } from './gob-bytes.js';
import type { GobField, GobType, GobTypes } from './gob-type.js';

/** A struct by the names of its fields. Zero values are left out. */
export type GobStruct = ReadonlyMap<string, GobValue>;

/** A map: its keys and values in the order of the stream. */
export class GobMap {
  readonly entries: readonly (readonly [GobValue, GobValue])[];

  constructor(entries: readonly (readonly [GobValue, GobValue])[]) {
    this.entries = entries;
  }
}

export type GobValue =
  boolean | number | string | Uint8Array | readonly GobValue[] | GobMap | GobStruct;

/** Values inside of one another: a user has three. */
const MAX_DEPTH = 16;

export function isStruct(value: GobValue | undefined): value is GobStruct {
  return value instanceof Map;
}

export function isList(value: GobValue | undefined): value is readonly GobValue[] {
  return Array.isArray(value);
}

/**
 * Reads a value by the definition of its type. Nothing is made by a length alone: what is counted
 * must be there.
 *
 * @throws Damage
 */
export function readValue(bytes: GobBytes, types: GobTypes, id: number, depth = 0): GobValue {
  const type = types.get(id);
  if (type === undefined) throw new Damage(`a value in it has the unknown type ${String(id)}`);
  bytes.countValue();
  if (depth > MAX_DEPTH) throw new Damage('values in it are nested too deep');
  const read = (element: number): GobValue => readValue(bytes, types, element, depth + 1);
  if (type.kind === 'struct') return readStruct(bytes, type.fields, read);
  if (type.kind === 'map') {
    return new GobMap(times(bytes.count(), () => [read(type.key), read(type.element)]));
  }
  if (type.kind !== 'list') return READ[type.kind](bytes);
  const count = bytes.count();
  if (type.length !== undefined && count !== type.length) {
    throw new Damage('a list in it has another length than its type');
  }
  return times(count, () => read(type.element));
}

/** Reads values without parts, by kind. */
const READ: Readonly<
  Record<Exclude<GobType['kind'], 'struct' | 'map' | 'list'>, (bytes: GobBytes) => GobValue>
> = {
  bool: (bytes) => bytes.uint() !== 0,
  int: (bytes) => bytes.int(),
  uint: (bytes) => bytes.uint(),
  float: (bytes) => bytes.float(),
  bytes: (bytes) => bytes.bytes(),
  text: (bytes) => bytes.text(),
};

/** Fields that are there, each with its distance to the one before; a zero ends them. */
function readStruct(
  bytes: GobBytes,
  fields: readonly GobField[],
  read: (type: number) => GobValue,
): GobStruct {
  const struct = new Map<string, GobValue>();
  let number = -1;
  for (;;) {
    const distance = bytes.uint();
    if (distance === 0) return struct;
    number += distance;
    const field = fields[number];
    if (field === undefined) throw new Damage('a value in it has more fields than its type');
    struct.set(field.name, read(field.type));
  }
}

/** Reads one after another; the list grows only as far as there is something to read. */
function times<T>(count: number, read: () => T): readonly T[] {
  const all: T[] = [];
  while (all.length < count) all.push(read());
  return all;
}
