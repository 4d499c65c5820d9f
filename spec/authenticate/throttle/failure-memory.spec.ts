import fc from 'fast-check';
import { FailureMemory } from '../../../lib/authenticate/throttle/failure-memory.js';
import { steadyClock } from '../../support/steady-clock.js';

const clock = steadyClock();

describe('failures in memory', () => {
  it('count for a window from the first one', () => {
    const memory = new FailureMemory({ window: 60_000 });
    memory.penalty('amy', 1);
    clock.pass(40_000);
    const { consumedPoints, msBeforeNext } = memory.penalty('amy', 1);
    expect(consumedPoints).toBe(2);
    expect(msBeforeNext).toBeGreaterThan(19_000);
    expect(msBeforeNext).toBeLessThanOrEqual(20_000);
    clock.pass(20_000);
    expect(memory.penalty('amy', 1).consumedPoints).toBe(1);
  });

  it('that were taken back leave nothing, and never less than nothing', () => {
    const memory = new FailureMemory({ window: 60_000 });
    const change = fc.constantFrom('penalty', 'reward', 'delete');
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        let expected = 0;
        for (const each of changes) {
          memory[each]('amy', 1);
          if (each === 'penalty') expected += 1;
          else expected = each === 'delete' ? 0 : Math.max(0, expected - 1);
        }
        expect(memory.size).toBe(expected === 0 ? 0 : 1);
        expect(memory.penalty('amy', 0).consumedPoints).toBe(expected);
        memory.delete('amy');
      }),
    );
  });

  it('are bounded, whatever number of keys fails', () => {
    const memory = new FailureMemory({ window: 60_000 });
    for (let index = 0; index < 200_000; index += 1) {
      memory.penalty(`client ${String(index)}`, 1);
      // Who goes on failing is not forgotten for others.
      if (index % 1000 === 0) memory.penalty('attacker', 1);
    }
    expect(memory.size).toBe(32_768);
    expect(memory.penalty('attacker', 1).consumedPoints).toBe(201);
  });
});
