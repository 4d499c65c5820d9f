import { rememberingNames } from '../../../lib/server/gateway/remembering-names.js';

describe('a judge of names', () => {
  it.each([true, false])('is asked once for a name that it finds %s', (finding) => {
    const judge = jest.fn(() => finding);
    const remembering = rememberingNames(judge);
    expect([remembering('Date'), remembering('Date')]).toEqual([finding, finding]);
    expect(judge).toHaveBeenCalledTimes(1);
  });

  it('remembers the first 200 names, however many are made up, and judges all', () => {
    const judge = jest.fn((name: string) => name.endsWith('7'));
    const remembering = rememberingNames(judge);
    const names = Array.from({ length: 500 }, (_, index) => `x-${String(index)}`);
    const found = names.map(remembering);
    judge.mockClear();
    expect(names.map(remembering)).toEqual(found);
    expect(judge.mock.calls.map(([name]) => name)).toEqual(names.slice(200));
  });
});
