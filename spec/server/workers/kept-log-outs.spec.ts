import { KeptLogOuts } from '../../../lib/server/workers/kept-log-outs.js';

const LATER = Date.now() + 3_600_000;

describe('the log-outs that the primary keeps', () => {
  it('are known by their ids', () => {
    const kept = new KeptLogOuts();
    expect(kept.end('one', LATER)).toBe(true);
    expect([kept.has('one'), kept.has('two')]).toEqual([true, false]);
  });

  it('are no more than 10,000, of which those that are over anyway make room', () => {
    const kept = new KeptLogOuts();
    const end = (name: string, count: number, until: number) =>
      Array.from({ length: count }, (_, at) => kept.end(`${name}-${String(at)}`, until));
    expect(new Set(end('over', 5_000, Date.now() - 1))).toEqual(new Set([true]));
    expect(new Set(end('live', 10_000, LATER))).toEqual(new Set([true]));
    expect(kept.has('live-0')).toBe(true);
    expect(kept.end('one too many', LATER)).toBe(false);
    expect([kept.has('one too many'), kept.has('live-9999')]).toEqual([false, true]);
  });
});
