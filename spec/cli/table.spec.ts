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
    [
      'letters that take two columns as two',
      [
        ['田中', 'x'],
        ['ann', 'y'],
      ],
      '田中  x\nann   y\n',
    ],
    ['rows of unequal length', [['a'], ['b', 'c']], 'a\nb  c\n'],
  ])('writes %s', (_what, rows, text) => {
    expect(formatTable(rows)).toBe(text);
  });

  it('lets the first line stand out, without a change of the widths', () => {
    const rows = [
      ['NAME', 'TYPE'],
      ['benjamin', 'admin'],
    ];
    expect(formatTable(rows, (line) => `<${line}>`)).toBe('<NAME      TYPE>\nbenjamin  admin\n');
  });
});
