import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../lib/config/duration.js';

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];

describe('parseDuration', () => {
  it.each([
    ['0', 0],
    ['-0', 0],
    ['+0', 0],
    ['0s', 0],
    ['5s', 5 * SECOND],
    ['30s', 30 * SECOND],
    ['1478s', 1478 * SECOND],
    ['-5s', -5 * SECOND],
    ['+5s', 5 * SECOND],
    ['5.0s', 5 * SECOND],
    ['5.6s', 5600],
    ['5.s', 5 * SECOND],
    ['.5s', 500],
    ['1.0s', SECOND],
    ['1.004s', 1004],
    ['100.00100s', 100_001],
    ['10ns', 1e-5],
    ['11us', 0.011],
    ['12\u00b5s', 0.012],
    ['12\u03bcs', 0.012],
    ['13ms', 13],
    ['14s', 14 * SECOND],
    ['15m', 15 * MINUTE],
    ['16h', 16 * HOUR],
    ['3h30m', 3.5 * HOUR],
    ['10.5s4m', 4 * MINUTE + 10_500],
    ['-2m3.4s', -(2 * MINUTE + 3400)],
    ['1h2m3s4ms5us6ns', HOUR + 2 * MINUTE + 3 * SECOND + 4.005006],
    ['39h9m14.425s', 39 * HOUR + 9 * MINUTE + 14_425],
    ['0.3333333333333333333h', 20 * MINUTE - 1e-6],
    ['9223372036854775807ns', 2 ** 63 / 1e6],
    ['2562047h47m16.854775807s', 2 ** 63 / 1e6],
    ['1h1h', 2 * HOUR],
  ])('reads %s as Go does', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each([
    ...[
      '',
      '3',
      '-',
      's',
      '.',
      '-.',
      '.s',
      '+.s',
      '1d',
      '10',
      '00',
      '0.0',
      '1.5',
      '1..5s',
      '1h 30m',
    ],
    ...[
      '- 5s',
      '--5s',
      '5S',
      '5 s',
      ' 5s',
      '5s ',
      '5s\n',
      '1e3s',
      '0x1s',
      'NaN',
      '\u0665s',
      '5sec',
    ],
    ...['9223372036854775808ns', '9223372036854775.808us', '2562047h47m16.854775808s', '3000000h'],
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('adds up its parts', () => {
    const units = fc.constantFrom<readonly [string, number]>(
      ['h', HOUR],
      ['m', MINUTE],
      ['s', SECOND],
      ['ms', 1],
    );
    const parts = fc.array(fc.tuple(fc.nat(100_000), units), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(parts, (list) => {
        const text = list.map(([number, [unit]]) => `${String(number)}${unit}`).join('');
        expect(parseDuration(text)).toBe(list.reduce((sum, [n, [, unit]]) => sum + n * unit, 0));
      }),
    );
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [1, '1ms'],
    [999, '999ms'],
    [1000, '1s'],
    [1500, '1.5s'],
    [600_000, '10m'],
    [5_400_000, '1h30m'],
    [3_600_001, '1h0.001s'],
  ])('writes %d ms as %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it('writes what parseDuration reads back', () => {
    fc.assert(
      fc.property(fc.nat({ max: 9_223_372_036_854 }), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds))).toBe(milliseconds);
      }),
    );
  });
});
