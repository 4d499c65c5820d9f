import { performance } from 'node:perf_hooks';

/**
 * Measures how busy the event loop is.
 *
 * @returns tells the share of time for which it had work since it was last told, 0 to 1
 */
export function eventLoopShare(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    // No time has passed, or the loop has yet to begin.
    return Number.isNaN(utilization) ? 0 : Math.min(1, Math.max(0, utilization));
  };
}
