import { printValue } from '../../lib/config/print-value.js';
import { TomlFloat } from '../../lib/config/sources/toml-float.js';

describe('printValue', () => {
  it.each([
    ['yes', '"yes"'],
    ['', '""'],
    [7, '7'],
    [7n, '7'],
    [false, 'false'],
    [new TomlFloat(), 'a float (with a point or an exponent)'],
    [{ password: 'hunter2' }, 'a value of type object'],
    [['hunter2'], 'a value of type object'],
    [undefined, 'a value of type undefined'],
    [Symbol('hunter2'), 'a value of type symbol'],
  ])('prints %p as %s', (value, printed) => {
    expect(printValue(value)).toBe(printed);
  });

  it.each([
    ['a URL with a password', 'http://amy:hunter2@host'],
    ['a key', '-----BEGIN PRIVATE KEY-----'],
    ['the content of a file', 'hunter2\n'],
  ])('does not show %s', (_what, value) => {
    expect(printValue(value)).toBe('a text (not shown)');
  });
});
