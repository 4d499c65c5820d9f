import fc from 'fast-check';
import { OverloadedError } from '../lib/errors.js';
import { filterInTurns, mapInTurns, sortInTurns, Turn } from '../lib/turns.js';
import { othersTurns } from './support/others-turns.js';

/** Work that takes as long as a slice may. */
function work(): void {
  const end = performance.now() + 3;
  while (performance.now() < end);
}

describe('work in turns', () => {
  it('comes to what is come to at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(50), { maxLength: 3000, size: 'max' }), async (numbers) => {
        const items = numbers.map((number, index) => ({ number, index }));
        const compare = (a: { number: number }, b: { number: number }) => a.number - b.number;
        expect(await sortInTurns(items, compare)).toEqual([...items].sort(compare));
        const isOdd = ({ number }: { number: number }) => number % 2 === 1;
        expect(await filterInTurns(items, isOdd)).toEqual(items.filter(isOdd));
        expect(await mapInTurns(items, isOdd)).toEqual(items.map(isOdd));
      }),
      { numRuns: 20 },
    );
  });

  it.each<[string, () => Promise<unknown>]>([
    ['mapping', () => mapInTurns(Array.from({ length: 160 }), work)],
    ['filtering', () => filterInTurns(Array.from({ length: 20 }), () => (work(), true))],
    [
      'sorting',
      () =>
        sortInTurns(
          Array.from({ length: 512 * 8 }, (_, index) => -index),
          (a, b) => (a % 300 === 0 ? (work(), a - b) : a - b),
        ),
    ],
  ])('leaves others their turns: %s', async (_kind, job) => {
    expect(await othersTurns(job)).toBeGreaterThanOrEqual(8);
  });

  it('is one slice of all jobs at a time', async () => {
    let slices = 0;
    const job = () =>
      filterInTurns(Array.from({ length: 5 }), () => {
        slices += 1;
        work();
        return true;
      });
    const seen: number[] = [];
    const look = setInterval(() => {
      seen.push(slices);
      slices = 0;
    }, 0);
    const turns = await othersTurns(() => Promise.all(Array.from({ length: 10 }, job)));
    clearInterval(look);
    // Fifty slices of ten jobs: others come first before each.
    expect(turns).toBeGreaterThanOrEqual(50);
    expect(Math.max(...seen)).toBeLessThanOrEqual(5);
  });

  it('has a bound for those who wait', async () => {
    const taken = Array.from({ length: 300 }, () => Turn.take());
    const outcomes = await Promise.allSettled(taken);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(300 - 256);
    for (const outcome of refused) {
      expect(outcome).toMatchObject({ reason: expect.any(OverloadedError) as unknown });
    }
    await expect(Turn.take()).resolves.toBeInstanceOf(Turn);
  });

  it('that requests wait for goes before those who wait, and is never refused', async () => {
    const taken = Array.from({ length: 256 }, () => Turn.take());
    let isLastTaken = false;
    const last = Promise.all(taken).then(() => (isLastTaken = true));
    const turn = await Turn.takeUrgently();
    for (let slice = 0; slice < 10; slice++) await turn.pass();
    expect(isLastTaken).toBe(false);
    await last;
  });
});
