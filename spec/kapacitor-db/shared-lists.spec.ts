import { SharedLists } from '../../lib/kapacitor-db/shared-lists.js';

describe('lists that are shared', () => {
  it('are one object if they are equal, and never mixed up', () => {
    const lists = new SharedLists<string>();
    const first = ['read:a,b'];
    expect(lists.share(first)).toBe(first);
    expect(lists.share(['read:a,b'])).toBe(first);
    expect(lists.share(['read:a', 'b'])).toEqual(['read:a', 'b']);
    expect(lists.share([])).toEqual([]);
  });

  it('are bounded in number', () => {
    const lists = new SharedLists<string>();
    for (let number = 0; number < 10_000; number += 1) lists.share([String(number)]);
    const late = ['9999'];
    expect(lists.share(late)).toBe(late);
    expect(lists.share(['0'])).toEqual(['0']);
  });
});
