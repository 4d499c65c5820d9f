import fc from 'fast-check';
import { outermostKeys } from '../../../lib/express/users-api/json-body.js';

describe('the keys of the outermost object of a JSON text', () => {
  it.each<[json: string, keys: readonly string[]]>([
    ['{}', []],
    ['{"a":1}', ['a']],
    ['{"a":1,"a":2}', ['a', 'a']],
    ['{"type":1,"\\u0074ype":2}', ['type', 'type']],
    ['{ "a" \n:\t"b" , "c" : "d" }', ['a', 'c']],
    ['{"a":{"b":1,"c":{"d":2}},"e":[{"f":3},"g"]}', ['a', 'e']],
    ['{"a":"b\\":{\\"c","d":"}"}', ['a', 'd']],
    ['{"\\"":1,"\\\\":2,"\\\\\\"":3}', ['"', '\\', '\\"']],
    ['{"a":"\\\\","b":"[{"}', ['a', 'b']],
    ['{"{":1,"}":2,"[":3,":":4,"a:b":5}', ['{', '}', '[', ':', 'a:b']],
    ['{"":1,"__proto__":2,"\\ud83d\\ude00":3}', ['', '__proto__', '😀']],
    ['{"a":true,"b":null,"c":-1.5e-3}', ['a', 'b', 'c']],
  ])('of %s', (json, keys) => {
    expect(outermostKeys(json)).toEqual(keys);
  });

  it('are those that were written, however they are escaped and spaced', () => {
    const key = fc.string({ unit: fc.constantFrom('a', '"', '\\', '{', '}', '[', ':', 'é', '\n') });
    const space = fc.string({ unit: fc.constantFrom(' ', '\n', '\t', '\r') });
    const members = fc.array(fc.tuple(key, fc.boolean(), space, fc.json()));
    fc.assert(
      fc.property(members, (written) => {
        const texts = written.map(
          ([name, escaped, gap, value]) =>
            `${gap}${escaped ? escapeAll(name) : JSON.stringify(name)}${gap}:${gap}${value}${gap}`,
        );
        expect(outermostKeys(`{${texts.join(',')}}`)).toEqual(written.map(([name]) => name));
      }),
    );
  });
});

function escapeAll(text: string): string {
  const units = Array.from({ length: text.length }, (_unit, index) =>
    text.charCodeAt(index).toString(16).padStart(4, '0'),
  );
  return `"${units.map((unit) => `\\u${unit}`).join('')}"`;
}
