import fc from 'fast-check';
import { flatMembers } from '../../lib/cli/flat-members.js';

const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom('"', '\\', '\n', '\u2028', '\ud800', 'zoë', ''),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(undefined),
);

describe('the members of a flat object', () => {
  it('are those that JSON.stringify writes, each after a comma', () => {
    const line = fc.dictionary(fc.stringMatching(/^[a-z][a-zA-Z]{0,8}$/), value, {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(line, (members) => {
        const written = flatMembers(members);
        expect(`{"first":1${written ?? ' unwritten'}}`).toBe(
          JSON.stringify({ first: 1, ...members }),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[value: unknown]>([
    [null],
    [NaN],
    [Infinity],
    [{}],
    [[]],
    [1n],
    [Symbol('x')],
    [new Date(0)],
    [() => 1],
  ])('are left to others if one is %p', (odd) => {
    expect(flatMembers({ fine: 1, odd })).toBeUndefined();
  });
});
