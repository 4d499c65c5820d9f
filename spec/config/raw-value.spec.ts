import { options } from '../../lib/config/options.js';
import { readRawValue } from '../../lib/config/raw-value.js';

const cost = options.auth.bcryptCost;

describe('readRawValue', () => {
  it.each([
    ['a value as its own type', 12, false, 12],
    ['text as text that stands for a value', '12', true, 12],
    ['no text for a value', '12', false, undefined],
    ['no value that is out of bounds', 31, false, undefined],
    ['no text that is out of bounds', '31', true, undefined],
    ['a value even if the source is one of text', 12, true, 12],
  ])('accepts %s', (_what, value, isText, expected) => {
    expect(readRawValue({ value, origin: 'code', isText }, cost)).toBe(expected);
  });

  it('refuses a value with a problem, whatever it is', () => {
    const raw = { value: 12, origin: 'code', isText: false, problem: 'is given twice' };
    expect(readRawValue(raw, cost)).toBeUndefined();
  });
});
