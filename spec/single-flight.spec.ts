import { SingleFlight } from '../lib/single-flight.js';

/** Work that ends when it is told to, with the number of its turn. */
function heldWork() {
  const ends: (() => void)[] = [];
  let begun = 0;
  const work = async (): Promise<number> => {
    begun += 1;
    const turn = begun;
    await new Promise<void>((resolve) => ends.push(resolve));
    return turn;
  };
  const end = async (): Promise<void> => {
    ends.shift()?.();
    await new Promise(setImmediate);
  };
  return { work, end, begun: () => begun };
}

describe('one thing at a time', () => {
  it('is shared by all who come while it runs, for each key', async () => {
    const flights = new SingleFlight<number>();
    const { work, end, begun } = heldWork();
    const answers = [flights.run('a', work), flights.run('a', work), flights.run('b', work)];
    expect(begun()).toBe(2);
    await end();
    await end();
    expect(await Promise.all(answers)).toEqual([1, 1, 2]);
    const later = flights.run('a', work);
    await end();
    expect(await later).toBe(3);
  });

  it('begins anew for those who want no answer from before, once for all of them', async () => {
    const flights = new SingleFlight<number>();
    const { work, end, begun } = heldWork();
    const first = flights.run('a', work, 0);
    const anew = [flights.run('a', work, 0), flights.run('a', work, 0)];
    expect(begun()).toBe(1);
    await end();
    expect([await first, begun()]).toEqual([1, 2]);
    const afterThem = flights.run('a', work, 0);
    await end();
    expect(await Promise.all(anew)).toEqual([2, 2]);
    await end();
    expect(await afterThem).toBe(3);
  });

  it('is shared as long as it is young enough', async () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(1000);
    const flights = new SingleFlight<number>();
    const { work, end } = heldWork();
    const first = flights.run('a', work);
    now.mockReturnValue(1099);
    const young = flights.run('a', work, 100);
    now.mockReturnValue(1100);
    const old = flights.run('a', work, 100);
    await end();
    await end();
    expect(await Promise.all([first, young, old])).toEqual([1, 1, 2]);
    now.mockRestore();
  });

  it('begins anew after a failure, too', async () => {
    const flights = new SingleFlight<number>();
    const failing = flights.run('a', () => Promise.reject(new Error('out of order')));
    const anew = flights.run('a', () => Promise.resolve(2), 0);
    await expect(failing).rejects.toThrow('out of order');
    expect(await anew).toBe(2);
    expect(await flights.run('a', () => Promise.resolve(3))).toBe(3);
  });
});
