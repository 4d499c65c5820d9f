import { once } from '../lib/lazy.js';

describe('once', () => {
  it.each<[value: unknown]>([['amy'], [undefined], [0]])(
    'makes %j at the first call only',
    (value) => {
      const make = jest.fn(() => value);
      const made = once(make);
      expect(make).not.toHaveBeenCalled();
      expect([made(), made()]).toEqual([value, value]);
      expect(make).toHaveBeenCalledTimes(1);
    },
  );

  it('tries again after it failed', () => {
    const make = jest.fn<string, []>().mockImplementationOnce(() => {
      throw new Error('not yet');
    });
    make.mockReturnValue('amy');
    const made = once(make);
    expect(made).toThrow('not yet');
    expect(made()).toBe('amy');
  });
});
