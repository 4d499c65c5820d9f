import fc from 'fast-check';
import { parseNamePattern } from '../../../lib/stores/rules/name-pattern.js';

/** From the tests of Go's package path. */
const MATCHES: readonly (readonly [pattern: string, name: string, matches: boolean])[] = [
  ['abc', 'abc', true],
  ['*', 'abc', true],
  ['*c', 'abc', true],
  ['a*', 'a', true],
  ['a*', 'abc', true],
  ['a*', 'ab/c', false],
  ['a*/b', 'abc/b', true],
  ['a*/b', 'a/c/b', false],
  ['a*b*c*d*e*/f', 'axbxcxdxe/f', true],
  ['a*b*c*d*e*/f', 'axbxcxdxexxx/f', true],
  ['a*b*c*d*e*/f', 'axbxcxdxe/xxx/f', false],
  ['a*b*c*d*e*/f', 'axbxcxdxexxx/fff', false],
  ['a*b?c*x', 'abxbbxdbxebxczzx', true],
  ['a*b?c*x', 'abxbbxdbxebxczzy', false],
  ['ab[c]', 'abc', true],
  ['ab[b-d]', 'abc', true],
  ['ab[e-g]', 'abc', false],
  ['ab[^c]', 'abc', false],
  ['ab[^b-d]', 'abc', false],
  ['ab[^e-g]', 'abc', true],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'ab', false],
  ['a?b', 'a☺b', true],
  ['a[^a]b', 'a☺b', true],
  ['a???b', 'a☺b', false],
  ['a[^a][^a][^a]b', 'a☺b', false],
  ['[a-ζ]*', 'α', true],
  ['*[a-ζ]', 'A', false],
  ['a?b', 'a/b', false],
  ['a*b', 'a/b', false],
  ['[\\]a]', ']', true],
  ['[\\-]', '-', true],
  ['[x\\-]', 'x', true],
  ['[x\\-]', '-', true],
  ['[x\\-]', 'z', false],
  ['[\\-x]', 'x', true],
  ['[\\-x]', '-', true],
  ['[\\-x]', 'a', false],
  ['*x', 'xxx', true],
  // Ours: characters beyond 16 bits, the empty pattern, stars in a row.
  ['?', '😀', true],
  ['[😀-😂]', '😁', true],
  ['', '', true],
  ['', 'a', false],
  ['a**', 'a', true],
  ['*a*', 'bab', true],
  ['*aab', 'aaab', true],
  ['[z-a]', 'b', false],
  ['[ﾱ-😀]', '🌀', true],
  ['[a-ﾱ]', '🌀', false],
];

describe('parseNamePattern', () => {
  it.each(MATCHES)('says whether %j matches %j: %j', (pattern, name, matches) => {
    expect(parseNamePattern(pattern).matches(name)).toBe(matches);
  });

  it.each([
    ['[]a]', 'a class needs "\\" before a "]" that stands for itself'],
    ['[-]', 'a class needs "\\" before a "-" that stands for itself'],
    ['[x-]', 'a class needs "\\" before a "]" that stands for itself'],
    ['[-x]', 'a class needs "\\" before a "-" that stands for itself'],
    ['[a-b-c]', 'a class needs "\\" before a "-" that stands for itself'],
    ['\\', 'it ends within a class "[...]" or after a "\\"'],
    ['[', 'it ends within a class "[...]" or after a "\\"'],
    ['[^', 'it ends within a class "[...]" or after a "\\"'],
    ['[^bc', 'it ends within a class "[...]" or after a "\\"'],
    ['a[', 'it ends within a class "[...]" or after a "\\"'],
    ['[a\\]', 'it ends within a class "[...]" or after a "\\"'],
  ])('refuses %j', (pattern, reason) => {
    expect(() => parseNamePattern(pattern)).toThrow(
      expect.objectContaining({
        code: 'ERR_KAUTH_INVALID_REQUEST',
        message: `invalid pattern ${JSON.stringify(pattern)}: ${reason}`,
      }),
    );
  });

  it.each([
    ['', ''],
    ['amy', 'amy'],
    ['a\\*b*c', 'a*b'],
    ['*a', ''],
    ['ab?c', 'ab'],
    ['ab[c]', 'ab'],
    ['é😀*', 'é😀'],
  ])('knows what all names that match %j start with: %j', (pattern, prefix) => {
    expect(parseNamePattern(pattern).prefix).toBe(prefix);
  });

  it('matches as a regular expression of the same meaning does', () => {
    const term = fc.constantFrom(
      ['*', '[^/]*'],
      ['?', '[^/]'],
      ['a', 'a'],
      ['b', 'b'],
      ['/', '/'],
      ['[a-b]', '[a-b]'],
    );
    fc.assert(
      fc.property(
        fc.array(term, { maxLength: 6 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', '/'), maxLength: 8 }),
        (terms, name) => {
          const pattern = terms.map(([ours]) => ours).join('');
          const expression = new RegExp(`^${terms.map(([, theirs]) => theirs).join('')}$`, 'su');
          expect(parseNamePattern(pattern).matches(name)).toBe(expression.test(name));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('comes to an end where backtracking would not', () => {
    const pattern = parseNamePattern(`${'*a'.repeat(500)}b`);
    expect(pattern.matches('a'.repeat(10_000))).toBe(false);
    expect(pattern.matches(`${'a'.repeat(10_000)}b`)).toBe(true);
  });
});
