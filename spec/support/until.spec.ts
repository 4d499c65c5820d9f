import { until } from './until.js';

describe('until', () => {
  it('waits for what comes, and looks no more often than it must', async () => {
    let looks = 0;
    await until('it was looked at three times', () => (looks += 1) === 3);
    expect(looks).toBe(3);
  });

  it('gives up what never comes, and says what that is', async () => {
    const never = () => Promise.resolve(false);
    await expect(until('pigs fly', never, 3)).rejects.toThrow('waited in vain until pigs fly');
  });
});
