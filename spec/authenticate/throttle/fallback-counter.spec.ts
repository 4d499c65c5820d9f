import { FailureMemory } from '../../../lib/authenticate/throttle/failure-memory.js';
import { FallbackCounter } from '../../../lib/authenticate/throttle/fallback-counter.js';
import type { FailureCounter } from '../../../lib/index.js';

describe('an insured counter', () => {
  const silent: FailureCounter = {
    penalty: () => new Promise(() => undefined),
    reward: () => new Promise(() => undefined),
    delete: () => new Promise(() => undefined),
  };

  it('does not wait for one that never answers, and leaves it alone for a while', async () => {
    const insurance = new FailureMemory({ window: 60_000 });
    let failures = 0;
    const onFailure = () => {
      failures += 1;
    };
    const counter = new FallbackCounter({ counter: silent, insurance, onFailure });
    await expect(counter.penalty('amy', 1)).resolves.toMatchObject({ consumedPoints: 1 });
    await expect(counter.penalty('amy', 1)).resolves.toMatchObject({ consumedPoints: 2 });
    await counter.reward('amy', 1);
    expect(insurance.size).toBe(1);
    await counter.delete('amy');
    expect(insurance.size).toBe(0);
    expect(failures).toBe(1);
  });
});
