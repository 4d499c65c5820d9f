import { withDeadline } from '../lib/deadline.js';

const late = () => new Error('too late');

describe('withDeadline', () => {
  it('gives the answer that comes in time', async () => {
    await expect(withDeadline(Promise.resolve('amy'), 60_000, late)).resolves.toBe('amy');
  });

  it('passes on why there is none', async () => {
    const failed = Promise.reject(new Error('no store'));
    await expect(withDeadline(failed, 60_000, late)).rejects.toThrow('no store');
  });

  it('waits no longer than it may', async () => {
    const never = new Promise<string>(() => undefined);
    // The timer keeps no process from ending, nor this test from waiting.
    const awake = setInterval(() => undefined, 1000);
    await expect(withDeadline(never, 5, late)).rejects.toThrow('too late');
    clearInterval(awake);
  });
});
