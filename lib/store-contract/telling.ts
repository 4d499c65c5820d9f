import assert from 'node:assert/strict';
import type { Clauses } from './contract-case.js';
import { eventually } from './expect.js';
import { normal } from './sample-users.js';
import type { Pair } from './sharing.js';

/** A machine that is busy may delay some, so one change told in time is enough. */
const TRIES = 5;

/** @param within - milliseconds in which a store tells of a change by another connection */
export function telling(within: number): Clauses<Pair> {
  return {
    'tells its listeners of the changes that another connection makes': async ([first, second]) => {
      let toldAt: number | undefined;
      second.watch?.((name) => {
        if (name === 'amy' || name === undefined) toldAt ??= performance.now();
      });
      const told = async (): Promise<number> => {
        const acknowledged = performance.now();
        await eventually('told of the change', () => toldAt !== undefined);
        return (toldAt ?? Infinity) - acknowledged;
      };
      await first.create(normal('amy'));
      await told();
      const delays: number[] = [];
      for (let time = 0; time < TRIES && !delays.some((each) => each <= within); time += 1) {
        toldAt = undefined;
        await first.update('amy', { permissions: time % 2 === 0 ? ['api'] : [] });
        delays.push(await told());
      }
      const least = Math.min(...delays);
      assert.ok(least <= within, `told ${String(least)} ms later, not within ${String(within)} ms`);
    },
  };
}
