import { formatTable } from '../../lib/cli/table.js';

describe('formatTable', () => {
  it.each([
    ['nothing', [], ''],
    ['one cell', [['a']], 'a\n'],
    [
      'columns as wide as their widest cell',
      [
        ['NAME', 'TYPE'],
        ['amy', 'normal'],
        ['benjamin', 'admin'],
      ],
      'NAME      TYPE\namy       normal\nbenjamin  admin\n',
    ],
    [
      'letters beyond the basic plane as one',
      [
        ['𝒜𝓂𝓎', 'x'],
        ['bob', 'y'],
      ],
      '𝒜𝓂𝓎  x\nbob  y\n',
    ],
    ['rows of unequal length', [['a'], ['b', 'c']], 'a\nb  c\n'],
  ])('writes %s', (_what, rows, text) => {
    expect(formatTable(rows)).toBe(text);
  });
});
