import { performance } from 'node:perf_hooks';
import { eventLoopShare } from '../../../lib/authenticate/passwords/event-loop-share.js';

describe('the share of time for which the event loop has work', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** Stands in for Node's measure. @param spans - milliseconds idle and active, one after the other */
  function measured(...spans: readonly (readonly [idle: number, active: number])[]) {
    const { eventLoopUtilization } = performance;
    const sums = [{ idle: 0, active: 0, utilization: 0 }];
    for (const [idle, active] of spans) {
      const last = sums.at(-1) ?? { idle: 0, active: 0 };
      sums.push({ idle: last.idle + idle, active: last.active + active, utilization: 0 });
    }
    jest
      .spyOn(performance, 'eventLoopUtilization')
      .mockImplementation((...given) =>
        given.length > 0 ? eventLoopUtilization(...given) : (sums.shift() ?? { ...NOTHING }),
      );
    return eventLoopShare();
  }

  const NOTHING = { idle: 0, active: 0, utilization: 0 };

  it('is told since it was last told', () => {
    const share = measured([25, 75], [75, 25], [100, 0], [0, 10]);
    expect([share(), share(), share(), share()]).toEqual([0.75, 0.25, 0, 1]);
  });

  it('is nothing if no time has passed', () => {
    const share = measured([0, 0], [50, 50], [0, 0]);
    expect([share(), share(), share()]).toEqual([0, 0.5, 0]);
  });

  it('is never out of its bounds, on the clock of this process', async () => {
    const share = eventLoopShare();
    for (let round = 0; round < 5; round += 1) {
      const told = share();
      expect(told).toBeGreaterThanOrEqual(0);
      expect(told).toBeLessThanOrEqual(1);
      await new Promise(setImmediate);
    }
  });
});
