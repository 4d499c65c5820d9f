import { setTimeout as pause } from 'node:timers/promises';
import { eventLoopShare } from '../../../lib/authenticate/passwords/event-loop-share.js';

/** Lets the event loop do nothing but count for some milliseconds. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) continue;
}

describe('the share of time for which the event loop has work', () => {
  it('is greater after work than after a pause, and never out of its bounds', async () => {
    const share = eventLoopShare();
    await pause(1);
    share();
    for (let round = 0; round < 5; round += 1) {
      work(20);
      await pause(1);
    }
    const busy = share();
    await pause(100);
    const idle = share();
    expect(busy).toBeGreaterThan(idle);
    for (const told of [busy, idle, share(), share()]) {
      expect(told).toBeGreaterThanOrEqual(0);
      expect(told).toBeLessThanOrEqual(1);
    }
  });
});
