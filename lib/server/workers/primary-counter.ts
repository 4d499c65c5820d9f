import { z } from 'zod';
import type { FailureCount, FailureCounter, FailureCounterOptions } from '../../index.js';
import type { Line } from './line.js';
import type { CountQuestion } from './questions.js';

const countSchema = z.object({ consumedPoints: z.number(), msBeforeNext: z.number() });

/** Counts failed logins in the primary, for all workers together. */
export class PrimaryCounter implements FailureCounter {
  readonly #line: Line;
  readonly #options: FailureCounterOptions;

  constructor(line: Line, options: FailureCounterOptions) {
    this.#line = line;
    this.#options = options;
  }

  async penalty(key: string, points: number): Promise<FailureCount> {
    return countSchema.parse(await this.#ask('penalty', key, points));
  }

  reward(key: string, points: number): Promise<unknown> {
    return this.#ask('reward', key, points);
  }

  delete(key: string): Promise<unknown> {
    return this.#ask('delete', key, 0);
  }

  /** The throttle gives up after a second, and counts in this process. */
  #ask(operation: CountQuestion['operation'], key: string, points: number): Promise<unknown> {
    const { keyPrefix, duration } = this.#options;
    const subject = { keyPrefix, duration, key, points };
    const question: CountQuestion = { kind: 'count', operation, ...subject };
    return this.#line.ask(question, LONGEST);
  }
}

/** Milliseconds after which nobody waits for a count. */
const LONGEST = 5_000;
