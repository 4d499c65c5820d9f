import { setTimeout as delay } from 'node:timers/promises';
import * as fc from '../../node_modules/fast-check/lib/cjs/fast-check.js';
import { limitedProperty } from './limited-property.js';

describe('a property with a limit of time', () => {
  const numRuns = 1_000;

  it.each([1, 7])('has %i cases at least, and no more if its time is over', async (least) => {
    let tried = 0;
    const property = fc.property(fc.nat(), () => {
      tried += 1;
    });
    await fc.assert(limitedProperty(property, { least, milliseconds: 0 }), { numRuns });
    expect(tried).toBe(least);
  });

  it('breaks off no case that takes longer than the limit', async () => {
    let ended = 0;
    const property = fc.asyncProperty(fc.nat(), async () => {
      await delay(5);
      ended += 1;
    });
    await fc.assert(limitedProperty(property, { least: 3, milliseconds: 1 }), { numRuns });
    expect(ended).toBe(3);
  });

  it('has real time, whatever clock a spec sets', async () => {
    jest.useFakeTimers();
    try {
      let tried = 0;
      const property = fc.property(fc.nat(), () => {
        tried += 1;
      });
      await fc.assert(limitedProperty(property, { least: 1, milliseconds: 1 }), {
        numRuns: 1_000_000,
      });
      expect(tried).toBeLessThan(1_000_000);
    } finally {
      jest.useRealTimers();
    }
  });

  it('has all its cases without one', async () => {
    let tried = 0;
    const property = fc.property(fc.nat(), () => {
      tried += 1;
    });
    await fc.assert(limitedProperty(property, { least: 1 }), { numRuns });
    expect(tried).toBe(numRuns);
  });

  it('fails as ever', async () => {
    const property = fc.property(fc.nat(), (number) => number < 5);
    const limited = limitedProperty(property, { least: 100, milliseconds: 60_000 });
    const asserted = async () => fc.assert(limited, { numRuns });
    await expect(asserted()).rejects.toThrow(/Counterexample: \[5\]/);
  });
});
