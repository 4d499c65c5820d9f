import { Damage } from '../damage.js';
import type { GobField, GobType, GobTypes } from './gob-type.js';
import type { GobStruct, GobValue } from './gob-value.js';
import { isList, isStruct } from './gob-value.js';

/** Numbers of the types that no stream defines (Go's `encoding/gob/type.go`). */
const BOOL = 1;
const INT = 2;
const UINT = 3;
const FLOAT = 4;
const BYTES = 5;
const TEXT = 6;
const COMMON = 18;
const FIELD = 21;
const FIELDS = 22;

/** The type of a definition of a type. */
export const DEFINITION = 16;

/** The types whose values are bytes that only their own Go program reads; not numbered by Go. */
const OPAQUE = -1;

function struct(fields: Readonly<Record<string, number>>): GobType {
  return {
    kind: 'struct',
    fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
  };
}

const OWN_TYPES: readonly (readonly [number, GobType])[] = [
  [BOOL, { kind: 'bool' }],
  [INT, { kind: 'int' }],
  [UINT, { kind: 'uint' }],
  [FLOAT, { kind: 'float' }],
  [BYTES, { kind: 'bytes' }],
  [TEXT, { kind: 'text' }],
  [
    DEFINITION,
    struct({
      ArrayT: 17,
      SliceT: 19,
      StructT: 20,
      MapT: 23,
      GobEncoderT: OPAQUE,
      BinaryMarshalerT: OPAQUE,
      TextMarshalerT: OPAQUE,
    }),
  ],
  [17, struct({ CommonType: COMMON, Elem: INT, Len: INT })],
  [COMMON, struct({ Name: TEXT, Id: INT })],
  [19, struct({ CommonType: COMMON, Elem: INT })],
  [20, struct({ CommonType: COMMON, Field: FIELDS })],
  [FIELD, struct({ Name: TEXT, Id: INT })],
  [FIELDS, { kind: 'list', element: FIELD }],
  [23, struct({ CommonType: COMMON, Key: INT, Elem: INT })],
  [OPAQUE, struct({ CommonType: COMMON })],
];

/** The types that every stream knows from the start. */
export function ownTypes(): GobTypes {
  return new Map(OWN_TYPES);
}

/**
 * Reads a definition of a type.
 *
 * @param id - the number that the stream gives it
 * @throws Damage
 */
export function readDefinition(definition: GobStruct, id: number): GobType {
  const [[kind, body] = [], another] = definition;
  if (kind === undefined || !isStruct(body) || another !== undefined) {
    throw new Damage('a type in it is not defined by one form');
  }
  const common = body.get('CommonType');
  if (!isStruct(common) || numberIn(common, 'Id') !== id) {
    throw new Damage('a type in it is defined under another number');
  }
  return typeOf(kind, body);
}

function typeOf(kind: string, body: GobStruct): GobType {
  switch (kind) {
    case 'ArrayT':
      return { kind: 'list', element: numberIn(body, 'Elem'), length: numberIn(body, 'Len') };
    case 'SliceT':
      return { kind: 'list', element: numberIn(body, 'Elem') };
    case 'MapT':
      return { kind: 'map', key: numberIn(body, 'Key'), element: numberIn(body, 'Elem') };
    case 'StructT':
      return { kind: 'struct', fields: fieldsIn(body.get('Field') ?? []) };
    default:
      return { kind: 'bytes' };
  }
}

function fieldsIn(list: GobValue): readonly GobField[] {
  if (!isList(list)) throw new Damage('a type in it has no list of fields');
  return list.map((field) => {
    const name = isStruct(field) ? field.get('Name') : undefined;
    if (!isStruct(field) || typeof name !== 'string') {
      throw new Damage('a field in it has no name');
    }
    return { name, type: numberIn(field, 'Id') };
  });
}

/** A number of a struct; zeros are left out of a stream. */
function numberIn(struct: GobStruct, name: string): number {
  const number = struct.get(name) ?? 0;
  if (typeof number !== 'number') throw new Damage('a type in it is defined without a number');
  return number;
}
