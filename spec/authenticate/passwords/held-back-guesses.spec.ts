import { setImmediate as turn } from 'node:timers/promises';
import type { BcryptQueueLimits } from '../../../lib/authenticate/passwords/bcrypt-queue.js';
import { BcryptQueue } from '../../../lib/authenticate/passwords/bcrypt-queue.js';
import { TOLERATED, TOLERATED_TOGETHER } from '../../../lib/authenticate/passwords/guessers.js';

/** Milliseconds of a run of bcrypt. */
const RUN = 70;

/** The clock stands still until it is told to go on. */
beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));

afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

/** A queue on two cores beside a busy event loop, whose runs take as long as bcrypt. */
function steadyQueue(limits: BcryptQueueLimits = {}) {
  const queue = new BcryptQueue({ concurrency: 2, cores: 2, loopShare: () => 1, ...limits });
  const started: string[] = [];
  const submit = (lane: string, name: string) => {
    const run = () => {
      started.push(name);
      return new Promise<void>((resolve) => setTimeout(resolve, RUN));
    };
    void Promise.resolve(queue.run(lane, run));
  };
  return { queue, started, submit };
}

async function pass(milliseconds: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(milliseconds);
  await turn();
}

/** Notes more wrong passwords than are taken for mistakes. */
function guess(queue: BcryptQueue, lane: string): void {
  for (let count = 0; count <= TOLERATED; count += 1) queue.noteWrong(lane);
}

/** Sends three passwords of a lane, and lets the first one run. */
async function oneRunOf(lane: string, { submit }: ReturnType<typeof steadyQueue>): Promise<void> {
  for (const number of [1, 2, 3]) submit(lane, `${lane} ${String(number)}`);
  await pass(RUN);
}

describe('an address that guesses', () => {
  it('rests after a run as long as it took, while others go on', async () => {
    const steady = steadyQueue();
    guess(steady.queue, 'guesser');
    await oneRunOf('guesser', steady);
    steady.submit('others', 'login 1');
    steady.submit('others', 'login 2');
    await pass(RUN - 1);
    expect(steady.started).toEqual(['guesser 1', 'login 1', 'login 2']);
    await pass(1);
    expect(steady.started.slice(3)).toEqual(['guesser 2']);
    await pass(2 * RUN);
    expect(steady.started.slice(4)).toEqual(['guesser 3']);
  });

  it.each([
    ['half of its time', 0.5, RUN],
    ['a quarter of it', 0.25, RUN / 2],
    ['none of it', 0, 0],
  ])('rests as the event loop is busy that has work for %s', async (_what, share, rest) => {
    const steady = steadyQueue({ loopShare: () => share });
    guess(steady.queue, 'guesser');
    await oneRunOf('guesser', steady);
    if (rest > 0) {
      await pass(rest - 1);
      expect(steady.started).toHaveLength(1);
      await pass(1);
    }
    expect(steady.started).toHaveLength(2);
  });

  it.each([
    [1, 1, 1],
    [2, 2, 1],
    [3, 3, 2],
    [4, 3, 3],
  ])('rests on %i cores', async (cores, concurrency, atOnce) => {
    const steady = steadyQueue({ cores, concurrency });
    guess(steady.queue, 'guesser');
    for (let number = 0; number < 10; number += 1) steady.submit('guesser', String(number));
    await pass(2 * RUN - 1);
    expect(steady.started).toHaveLength(atOnce);
    await pass(1);
    expect(steady.started).toHaveLength(2 * atOnce);
  });

  it('does not rest if cores are left for the event loop and others', async () => {
    const steady = steadyQueue({ cores: 8, concurrency: 3 });
    guess(steady.queue, 'guesser');
    for (let number = 0; number < 10; number += 1) steady.submit('guesser', String(number));
    await pass(RUN);
    expect(steady.started).toHaveLength(6);
  });

  it('rests no longer than a quarter of a second, however long a run took', async () => {
    const steady = steadyQueue();
    guess(steady.queue, 'guesser');
    const long = () => new Promise<void>((resolve) => setTimeout(resolve, 8_000));
    void Promise.resolve(steady.queue.run('guesser', long));
    steady.submit('guesser', 'next');
    await pass(8_000);
    guess(steady.queue, 'guesser');
    await pass(249);
    expect(steady.started).toEqual([]);
    await pass(1);
    expect(steady.started).toEqual(['next']);
  });

  it('rests after a right password as well as after a wrong one: the time tells nothing', async () => {
    const rests = await Promise.all(
      [true, false].map(async (isRight) => {
        const steady = steadyQueue();
        guess(steady.queue, 'guesser');
        void Promise.resolve(
          steady.queue.run('guesser', async () => {
            await new Promise<void>((resolve) => setTimeout(resolve, RUN));
            if (!isRight) steady.queue.noteWrong('guesser');
          }),
        );
        return steady;
      }),
    );
    for (const { submit } of rests) submit('guesser', 'next');
    await pass(2 * RUN - 1);
    expect(rests.map(({ started }) => started)).toEqual([[], []]);
    await pass(1);
    expect(rests.map(({ started }) => started)).toEqual([['next'], ['next']]);
  });

  it('has no timer that runs while nobody waits', async () => {
    const { queue, submit } = steadyQueue();
    guess(queue, 'guesser');
    submit('guesser', 'a');
    await pass(RUN);
    expect(jest.getTimerCount()).toBe(0);
    submit('guesser', 'b');
    submit('guesser', 'c');
    expect(jest.getTimerCount()).toBe(1);
    await pass(4 * RUN);
    expect([queue.running, queue.waiting, jest.getTimerCount()]).toEqual([0, 0, 0]);
  });

  it('is held back until ten seconds have passed since it guessed too often', async () => {
    const steady = steadyQueue();
    // Six a second, for half a minute.
    for (let count = 0; count < 180; count += 1) {
      steady.queue.noteWrong('guesser');
      await pass(1_000 / 6);
    }
    steady.submit('guesser', 'a');
    steady.submit('guesser', 'b');
    expect(steady.started).toEqual(['a']);
    await pass(10_000);
    steady.submit('guesser', 'c');
    steady.submit('guesser', 'd');
    expect(steady.started).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('addresses that guess', () => {
  it('leave one core free together, and take turns', async () => {
    const steady = steadyQueue();
    for (const lane of ['one', 'two', 'three']) guess(steady.queue, lane);
    for (const lane of ['one', 'one', 'two', 'two', 'three']) steady.submit(lane, lane);
    for (let runs = 0; runs < 5; runs += 1) {
      expect(steady.queue.running).toBe(1);
      await pass(2 * RUN);
    }
    expect(steady.started).toEqual(['one', 'one', 'two', 'three', 'two']);
  });

  it('are served before one that comes at the end of their rest', async () => {
    const steady = steadyQueue();
    for (const lane of ['one', 'two']) guess(steady.queue, lane);
    await oneRunOf('one', steady);
    // The rest is over; the timer has yet to notice.
    const now = performance.now();
    jest.spyOn(performance, 'now').mockReturnValue(now + RUN);
    steady.submit('two', 'two');
    await turn();
    expect(steady.started).toEqual(['one 1', 'one 2']);
  });

  it('are held back even if each sends few wrong passwords, but not who sent none', async () => {
    const steady = steadyQueue();
    const lanes = Array.from({ length: TOLERATED_TOGETHER + 1 }, (_, index) => String(index));
    for (const lane of lanes.slice(1)) steady.queue.noteWrong(lane);
    for (const lane of ['1', '2']) steady.submit(lane, lane);
    expect(steady.started).toEqual(['1', '2']);
    await pass(RUN);
    steady.queue.noteWrong('0');
    for (const lane of ['3', '4', 'stranger']) steady.submit(lane, lane);
    expect(steady.started).toEqual(['1', '2', '3', 'stranger']);
  });

  it('do not make others guessers by what they send once they are held back', async () => {
    const steady = steadyQueue();
    steady.queue.noteWrong('mistaken');
    for (let count = 0; count < 10 * TOLERATED_TOGETHER; count += 1) {
      steady.queue.noteWrong('guesser');
    }
    for (const name of ['a', 'b']) steady.submit('mistaken', name);
    expect(steady.started).toEqual(['a', 'b']);
    await pass(RUN);
  });
});
