import fc from 'fast-check';
import type { End, Outcome } from '../../../lib/authenticate/throttle/failure-limit.js';
import { FailureLimit } from '../../../lib/authenticate/throttle/failure-limit.js';
import { FailureMemory } from '../../../lib/authenticate/throttle/failure-memory.js';
import type { FailureCount, FailureCounter } from '../../../lib/index.js';
import { ThrottledError } from '../../../lib/index.js';

/** A counter that answers only when it is told to. */
class HeldCounter implements FailureCounter {
  readonly memory: FailureMemory = new FailureMemory({ window: 60_000 });
  readonly #held: (() => void)[] = [];
  isHolding = false;

  penalty(key: string, points: number): FailureCount | Promise<FailureCount> {
    const count = this.memory.penalty(key, points);
    if (!this.isHolding) return count;
    return new Promise((resolve) => {
      this.#held.push(() => {
        resolve(count);
      });
    });
  }

  reward(key: string, points: number): void {
    this.memory.reward(key, points);
  }

  delete(key: string): void {
    this.memory.delete(key);
  }

  release(): void {
    this.isHolding = false;
    for (const answer of this.#held.splice(0)) answer();
  }
}

describe('a limit of failures', () => {
  function make(limit: number): { counter: HeldCounter; limited: FailureLimit } {
    const counter = new HeldCounter();
    return { counter, limited: new FailureLimit({ counter, limit, isCleared: false }) };
  }

  it('does not refuse for an attempt that ended well while the counter was asked', async () => {
    const { counter, limited } = make(1);
    const end = await limited.begin('amy');
    counter.isHolding = true;
    const next = limited.begin('amy');
    await end('right');
    counter.release();
    await expect(next).resolves.toBeInstanceOf(Function);
  });

  it('refuses all who wait once those that ran have failed', async () => {
    const { limited } = make(2);
    const ends = await Promise.all([limited.begin('amy'), limited.begin('amy')]);
    const waiting = Promise.allSettled([1, 2, 3].map(() => limited.begin('amy')));
    await Promise.all(ends.map((end) => end('wrong')));
    expect((await waiting).map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    await expect(limited.begin('bob')).resolves.toBeInstanceOf(Function);
  });

  it('lets twice as many wait as may run, and refuses more at once', async () => {
    const { counter, limited } = make(3);
    counter.isHolding = true;
    const kept = Array.from({ length: 9 }, () => limited.begin('amy'));
    const refused = await Promise.allSettled([limited.begin('amy'), limited.begin('amy')]);
    for (const each of refused) {
      expect(each).toMatchObject({ reason: { code: 'ERR_KAUTH_THROTTLED' } });
    }
    counter.release();
    expect(await Promise.all(kept.slice(0, 3))).toHaveLength(3);
    expect(limited.waiting).toBe(6);
  });

  it('lets so many wait over all keys, and no more', async () => {
    const counter = new HeldCounter();
    counter.isHolding = true;
    const limited = new FailureLimit({ counter, limit: 3, isCleared: false, maxWaiting: 5 });
    const kept = Array.from({ length: 5 }, (_, index) => limited.begin(`user ${String(index)}`));
    await expect(limited.begin('another')).rejects.toMatchObject({ code: 'ERR_KAUTH_OVERLOADED' });
    counter.release();
    const ends = await Promise.all(kept);
    expect(limited.waiting).toBe(0);
    await Promise.all(ends.map((end) => end('wrong')));
    await expect(limited.begin('another')).resolves.toBeInstanceOf(Function);
  });

  it('counts a repeated failure for none, and tells which keys are full', async () => {
    const { limited } = make(2);
    expect([limited.mayRefuse, limited.isFull('amy')]).toEqual([false, false]);
    for (let time = 0; time < 5; time += 1) await (await limited.begin('amy'))('repeated');
    await (
      await limited.begin('amy')
    )('wrong');
    expect([limited.mayRefuse, limited.isFull('amy')]).toEqual([false, false]);
    const end = await limited.begin('amy');
    expect([limited.mayRefuse, limited.isFull('amy'), limited.isFull('bob')]).toEqual([
      true,
      true,
      false,
    ]);
    await end('wrong');
    expect(limited.isFull('amy')).toBe(true);
    await expect(limited.begin('amy')).rejects.toBeInstanceOf(ThrottledError);
    expect(limited.isFull('amy')).toBe(true);
  });

  it('leaves nothing behind of attempts that did not fail', async () => {
    const { counter, limited } = make(20);
    const attempts = Array.from({ length: 50 }, async (_, index) => {
      const end = await limited.begin('amy');
      await end(index % 2 === 0 ? 'right' : 'not judged');
    });
    await Promise.all(attempts);
    expect(counter.memory.size).toBe(0);
  });

  it('refuses all who wait with the error of a counter that fails', async () => {
    const failing: FailureCounter = {
      penalty: () => Promise.reject(new Error('out of order')),
      reward: () => undefined,
      delete: () => undefined,
    };
    const limited = new FailureLimit({ counter: failing, limit: 3, isCleared: false });
    const attempts = await Promise.allSettled([limited.begin('amy'), limited.begin('amy')]);
    for (const attempt of attempts) {
      expect(attempt).toMatchObject({ reason: { message: 'out of order' } });
    }
  });

  it('answers every attempt, in whatever order things happen', async () => {
    const outcome = fc.constantFrom<Outcome>('right', 'wrong', 'repeated', 'not judged');
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(outcome, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (scheduler, outcomes, limit) => {
          const memory = new FailureMemory({ window: 60_000 });
          const later = scheduler.scheduleFunction(() => Promise.resolve());
          const counter: FailureCounter = {
            penalty: async (key, points) => {
              await later();
              const count = memory.penalty(key, points);
              await later();
              return count;
            },
            reward: async (key, points) => {
              await later();
              memory.reward(key, points);
            },
            delete: () => undefined,
          };
          const limited = new FailureLimit({ counter, limit, isCleared: false });
          // Every other one comes in the very step in which the one before it begins.
          const attempt = async (index: number, step: number): Promise<(Outcome | 'refused')[]> => {
            const each = outcomes[index];
            if (each === undefined) return [];
            let end: End | undefined;
            try {
              end = await limited.begin('amy');
            } catch (error) {
              expect(error).toBeInstanceOf(ThrottledError);
            }
            const rest = attempt(index + step, step);
            await later();
            await end?.(each);
            return [end === undefined ? 'refused' : each, ...(await rest)];
          };
          const answers = Promise.all([attempt(0, 2), attempt(1, 2)]).then((chains) =>
            chains.flat(),
          );
          const wrong = (all: readonly string[]) => all.filter((each) => each === 'wrong').length;
          const given = await scheduler.waitFor(answers);
          expect(wrong(given)).toBe(Math.min(wrong(outcomes), limit));
          // Nobody is refused before that many have failed.
          if (wrong(outcomes) < limit) expect(given).not.toContain('refused');
          expect(memory.penalty('amy', 0).consumedPoints).toBe(wrong(given));
        },
      ),
    );
  });
});
