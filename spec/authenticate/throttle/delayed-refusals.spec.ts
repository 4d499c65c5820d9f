import { setImmediate as turnOfOthers } from 'node:timers';
import { DelayedRefusals } from '../../../lib/authenticate/throttle/delayed-refusals.js';

// The specs say when time is over: the clock of a busy machine would end some waits before all have begun.
const waits: { readonly time: number; readonly end: () => void }[] = [];
jest.mock('node:timers/promises', () => ({
  setTimeout: (time: number) =>
    new Promise<void>((end) => {
      waits.push({ time, end });
    }),
}));

const settled = () => new Promise((resolve) => turnOfOthers(resolve));

describe('refusals', () => {
  it('are held, up to a number of them; those beyond it are not, until there is room again', async () => {
    const refusals = new DelayedRefusals();
    let released = 0;
    const hold = async (): Promise<void> => {
      await refusals.hold();
      released += 1;
    };
    const held = Array.from({ length: 1_024 }, hold);
    await settled();
    expect(released).toBe(0);
    await hold();
    expect(released).toBe(1);
    expect(waits.map(({ time }) => time)).toStrictEqual(Array.from({ length: 1_024 }, () => 250));

    for (const { end } of waits.splice(0)) end();
    await Promise.all(held);
    expect(released).toBe(1_025);

    const next = hold();
    await settled();
    expect(released).toBe(1_025);
    for (const { end } of waits) end();
    await next;
  });
});
