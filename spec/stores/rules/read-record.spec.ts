import fc from 'fast-check';
import { isTime, RecordReader } from '../../../lib/stores/rules/read-record.js';

const TOLD = { list: 'must be a list', item: 'must be odd' };

function isOdd(value: unknown): value is number {
  return typeof value === 'number' && value % 2 === 1;
}

describe('a record', () => {
  it('is told with all its problems, each at its place, unknown keys last', () => {
    const fields = new RecordReader({ one: 2, list: [1, 2, 3, 'x'], more: 1, less: undefined });
    expect(fields.field('one', isOdd, 'one is odd')).toBeUndefined();
    expect(fields.optional('two', isOdd, 'two is odd')).toBeUndefined();
    expect(fields.list('list', isOdd, TOLD)).toBeUndefined();
    fields.noOthers(['one', 'two', 'list']);
    expect(fields.problems).toEqual([
      { path: ['one'], message: 'one is odd' },
      { path: ['list', 1], message: 'must be odd' },
      { path: ['list', 3], message: 'must be odd' },
      { path: [], message: 'Unrecognized keys: "more", "less"' },
    ]);
  });

  it('has an empty list if the list is left out, and none if it is something else', () => {
    const fields = new RecordReader({ text: 'x', whole: [1, 3] });
    expect(fields.list('absent', isOdd, TOLD)).toEqual([]);
    expect(fields.list('whole', isOdd, TOLD)).toEqual([1, 3]);
    expect(fields.problems).toEqual([]);
    expect(fields.list('text', isOdd, TOLD)).toBeUndefined();
    expect(fields.problems).toEqual([{ path: ['text'], message: 'must be a list' }]);
  });

  it('reports inherited keys, and a key __proto__ of JSON', () => {
    const fields = new RecordReader(Object.create({ inherited: 1 }));
    fields.noOthers([]);
    const parsed = new RecordReader(JSON.parse('{ "__proto__": 1 }'));
    parsed.noOthers([]);
    expect([...fields.problems, ...parsed.problems].map(({ message }) => message)).toEqual([
      'Unrecognized key: "inherited"',
      'Unrecognized key: "__proto__"',
    ]);
  });
});

describe('a time', () => {
  it('is one that a date writes', () => {
    const year = { min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z') };
    const property = fc.property(fc.date({ ...year, noInvalidDate: true }), (date) => {
      expect(isTime(date.toISOString())).toBe(true);
      expect(isTime(date.toISOString().replace(/\.\d+/, ''))).toBe(true);
    });
    fc.assert(property);
  });

  it.each([
    '2026-02-29T10:00:00Z',
    '2026-04-31T10:00:00Z',
    '2026-13-01T10:00:00Z',
    '2026-11-24T24:00:00Z',
    '2026-11-24T10:60:00Z',
    '2026-11-24T10:00Z',
    '2026-11-24T10:00:00+01:00',
    '2026-11-24T10:00:00',
    '2026-11-24 10:00:00Z',
    '2026-11-24T10:00:00ZT',
    '+02026-11-24T10:00:00Z',
    '2026-11-24T10:00:00Z\n',
    '',
    0,
  ])('is not %j', (value) => {
    expect(isTime(value)).toBe(false);
  });
});
