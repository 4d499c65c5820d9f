import fc from 'fast-check';
import { locateInJson } from '../../../lib/stores/file/json-position.js';

const TEXT = `{
  "version": 1,
  "users": [
    { "name": "amy", "nick\\u0041": "x" },
    {
      "na\\"me" : "bob", "tags": [ true, [], {}, -1.5e3, null ] }
  ]
}
`;

describe('locateInJson', () => {
  it.each([
    ['the outermost value', [], 1, 1],
    ['a member', ['version'], 2, 14],
    ['a list', ['users'], 3, 12],
    ['an element', ['users', 0], 4, 5],
    ['a member of an element', ['users', 0, 'name'], 4, 15],
    ['a member whose key has an escape', ['users', 0, 'nickA'], 4, 36],
    ['a member whose key has a quote', ['users', 1, 'na"me'], 6, 18],
    ['an element after others of all kinds', ['users', 1, 'tags', 4], 6, 57],
    ['the last value on the way to what is not there', ['users', 1, 'hash'], 5, 5],
    ['the outermost value for a way that leads nowhere', ['no', 'such'], 1, 1],
  ])('finds %s', (_, path, line, column) => {
    expect(locateInJson(TEXT, path)).toEqual({ line, column });
  });

  it.each([
    ['nothing', '', 1, 1],
    ['space only', ' \n ', 2, 2],
    ['a comma too many in a list', '[1,\n2,]', 2, 3],
    ['a comma too many in an object', '{"a": 1,\n}', 2, 1],
    ['a comma too few', '[1 2]', 1, 4],
    ['a colon too few', '{"a" 1}', 1, 6],
    ['a key without quotes', '{\n  a: 1}', 2, 3],
    ['a string that does not end', '["a\n"]', 1, 2],
    ['a bad escape', '["\\x"]', 1, 2],
    ['a bad number', '[01]', 1, 2],
    ['a bad word', '[truely]', 1, 2],
    ['an object that does not end', '{"a": 1', 1, 8],
    ['a list that does not end', '[1', 1, 3],
    ['more than one value', '{}\n{}', 2, 1],
    ['a comment', '{} // amy', 1, 4],
    ['brackets without end', '['.repeat(100_000), 1, 102],
  ])('finds where a text with %s stops being JSON', (_, text, line, column) => {
    expect(locateInJson(text, [])).toEqual({ line, column });
  });

  it('finds a character that no JSON holds, at most a token early', () => {
    const anyJson = fc
      .tuple(fc.json(), fc.constantFrom(0, 2))
      .map(([json, indent]) => JSON.stringify(JSON.parse(json), null, indent));
    fc.assert(
      fc.property(anyJson, fc.nat(), (json, nat) => {
        const at = nat % (json.length + 1);
        const { line, column } = locateInJson(`${json.slice(0, at)}\0${json.slice(at)}`, []);
        const offset =
          json
            .split('\n')
            .slice(0, line - 1)
            .join('\n').length +
          Math.min(line - 1, 1) +
          column -
          1;
        expect(json.slice(offset, at)).toMatch(/^(?:"(?:[^"\\]|\\.?)*|[-+.\w]*)$/);
      }),
      { numRuns: 1000 },
    );
  });
});
