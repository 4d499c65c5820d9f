import { setImmediate as turnOfOthers } from 'node:timers/promises';
import { HeldRefusals } from '../../lib/authenticate/held-refusals.js';

describe('refusals', () => {
  it('are held, up to a number of them; those beyond it are not, until there is room again', async () => {
    const refusals = new HeldRefusals(100);
    let released = 0;
    const hold = async (): Promise<void> => {
      await refusals.hold();
      released += 1;
    };
    const held = Array.from({ length: 1_024 }, hold);
    await turnOfOthers();
    expect(released).toBe(0);
    await hold();
    expect(released).toBe(1);
    await Promise.all(held);
    expect(released).toBe(1_025);
    const next = hold();
    await turnOfOthers();
    expect(released).toBe(1_025);
    await next;
  });
});
