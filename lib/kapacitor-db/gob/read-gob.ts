import { Damage } from '../damage.js';
import { GobBytes } from './gob-bytes.js';
import { DEFINITION, ownTypes, readDefinition } from './gob-definitions.js';
import type { GobStruct } from './gob-value.js';
import { isStruct, readValue } from './gob-value.js';

/**
 * Reads a gob stream that holds one struct: messages that define types, then one with the value.
 * The stream's own definitions say how it is read, so fields may come and go.
 *
 * @throws Damage, also if anything follows the value
 */
export function readGob(stream: Uint8Array): GobStruct {
  const messages = new GobBytes(stream);
  const types = ownTypes();
  for (;;) {
    const message = new GobBytes(messages.bytes());
    const id = message.int();
    const value = readValue(message, types, id < 0 ? DEFINITION : id);
    if (message.left > 0) throw new Damage('a value in it is followed by something else');
    if (!isStruct(value)) throw new Damage('a value in it is no struct');
    if (id >= 0) {
      if (messages.left > 0) throw new Damage('a value in it is followed by something else');
      return value;
    }
    if (types.has(-id)) throw new Damage('a type in it is defined twice');
    types.set(-id, readDefinition(value, -id));
  }
}
