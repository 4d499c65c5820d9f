import fc from 'fast-check';
import { compareNames } from '../../../lib/stores/rules/name-order.js';

describe('compareNames', () => {
  it.each([
    ['a', 'b', -1],
    ['b', 'a', 1],
    ['a', 'a', 0],
    ['', 'a', -1],
    ['a', 'ab', -1],
    ['Z', 'a', -1],
    ['z', 'é', -1],
    ['\uffee', '\u{1d400}', -1],
    ['\u{1d400}', '\u{1d401}', -1],
  ])('puts %j and %j in the order of their bytes', (a, b, sign) => {
    expect(Math.sign(compareNames(a, b))).toBe(sign);
  });

  it('orders any two names as the bytes of their UTF-8 are ordered', () => {
    const name = fc.string({ unit: 'binary', maxLength: 4 });
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(Math.sign(compareNames(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 2000 },
    );
  });
});
