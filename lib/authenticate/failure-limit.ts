import { ThrottledError } from '../errors.js';
import type { FailureCount, FailureCounter } from '../stores/failure-counter.js';

/** What came of an attempt. */
export type Outcome = 'right' | 'wrong' | 'not judged';

/** Ends an attempt that was begun; called once. */
export type End = (outcome: Outcome) => Promise<void>;

/** How many attempts may fail for each key. */
export interface FailureLimitOptions {
  readonly counter: FailureCounter;
  readonly limit: number;
  /** Whether a right attempt makes the failures before it forgotten. */
  readonly isCleared: boolean;
}

interface Turn {
  start(end: End): void;
  refuse(error: unknown): void;
}

/** The attempts of one key. */
interface Gate {
  running: number;
  /** How many have ended: what was counted before the last did is out of date. */
  ended: number;
  isAsking: boolean;
  readonly waiting: Turn[];
}

/**
 * Lets a number of attempts fail for each key. An attempt counts from its beginning, so that no more guesses run side by side
 * than may fail; those above it wait for the outcome of those that run, since a right password takes nothing away.
 */
export class FailureLimit {
  readonly #options: FailureLimitOptions;
  readonly #gates = new Map<string, Gate>();

  constructor(options: FailureLimitOptions) {
    this.#options = options;
  }

  /** Begins an attempt when one more may fail. @throws ThrottledError */
  begin(key: string): Promise<End> {
    const gate = this.#gates.get(key) ?? { running: 0, ended: 0, isAsking: false, waiting: [] };
    this.#gates.set(key, gate);
    return new Promise((start, refuse) => {
      gate.waiting.push({ start, refuse });
      void this.#admit(key, gate);
    });
  }

  /** Counts a failure that nothing had to be begun for. */
  async count(key: string): Promise<void> {
    await this.#options.counter.penalty(key, 1);
  }

  /** Lets those who wait begin, in turn, until that is too many. */
  async #admit(key: string, gate: Gate): Promise<void> {
    // One asks for all: however many wait, the counter is asked one thing at a time.
    if (gate.isAsking) return;
    gate.isAsking = true;
    try {
      for (let next = gate.waiting[0]; next !== undefined; next = gate.waiting[0]) {
        const { ended } = gate;
        const excess = await this.#take(key);
        if (excess === undefined) {
          gate.waiting.shift();
          gate.running += 1;
          next.start((outcome) => this.#end(key, gate, outcome));
        } else if (gate.ended === ended) {
          if (gate.running > 0) break;
          throw new ThrottledError(Math.max(1, Math.ceil(excess.msBeforeNext / 1000)));
        }
      }
    } catch (error) {
      for (const turn of gate.waiting.splice(0)) turn.refuse(error);
    } finally {
      // In the same step as the last look at who waits: nobody may come between.
      gate.isAsking = false;
      if (gate.running === 0 && gate.waiting.length === 0) this.#gates.delete(key);
    }
  }

  /** Counts one more; where that is too many, tells how it stands instead. */
  async #take(key: string): Promise<FailureCount | undefined> {
    const { counter, limit } = this.#options;
    const count = await counter.penalty(key, 1);
    if (count.consumedPoints <= limit) return undefined;
    await counter.reward(key, 1);
    return count;
  }

  async #end(key: string, gate: Gate, outcome: Outcome): Promise<void> {
    const { counter, isCleared } = this.#options;
    if (outcome === 'right' && isCleared) await counter.delete(key);
    else if (outcome !== 'wrong') await counter.reward(key, 1);
    gate.running -= 1;
    gate.ended += 1;
    // Nobody's answer waits for the turn of others.
    void this.#admit(key, gate);
  }
}
