import { listQuery } from '../../../lib/stores/rules/list-query.js';

describe('listQuery', () => {
  it.each([undefined, {}, { pattern: '', offset: undefined, limit: undefined }])(
    'asks for all users when it is given %j',
    (options) => {
      expect(listQuery(options)).toEqual({ pattern: undefined, offset: 0, limit: Infinity });
    },
  );

  it.each([
    ['a'.repeat(256), true],
    ['😀'.repeat(256), true],
    ['a'.repeat(257), false],
    ['😀'.repeat(257), false],
    ['['.repeat(100_000), false],
  ])('takes a pattern of 256 characters at the most (%#)', (pattern, isTaken) => {
    const ask = () => listQuery({ pattern }).pattern?.matches(pattern);
    if (isTaken) expect(ask()).toBe(true);
    else expect(ask).toThrow('pattern must not be longer than 256 characters');
  });

  it.each([
    ['offset', -1],
    ['offset', 1.5],
    ['limit', -1],
    ['limit', NaN],
    ['limit', Infinity],
    ['limit', 2 ** 53],
  ])('refuses the %s %j', (option, value) => {
    expect(() => listQuery({ [option]: value })).toThrow(
      expect.objectContaining({
        code: 'ERR_KAUTH_INVALID_REQUEST',
        message: `${option} must be a whole number from 0, not ${String(value)}`,
      }),
    );
  });
});
