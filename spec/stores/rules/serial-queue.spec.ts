import { SerialQueue } from '../../../lib/stores/rules/serial-queue.js';

describe('tasks one at a time', () => {
  it('are as many as may wait, and no more', async () => {
    const queue = new SerialQueue(3);
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    const order: number[] = [];
    const tasks = [1, 2, 3].map((number) =>
      queue.run(async () => {
        await held;
        order.push(number);
      }),
    );
    await expect(queue.run(() => order.push(4))).rejects.toMatchObject({
      code: 'ERR_KAUTH_OVERLOADED',
    });
    go();
    await Promise.all(tasks);
    await queue.run(() => order.push(5));
    expect(order).toEqual([1, 2, 3, 5]);
  });

  it('go on after one that fails', async () => {
    const queue = new SerialQueue();
    await expect(queue.run(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await queue.run(() => 2)).toBe(2);
  });
});
