import { OverloadedError, ThrottledError } from '../../errors.js';
import type { FailureCount, FailureCounter } from '../../stores/failure-counter.js';
import { FullKeys } from './full-keys.js';

/** What came of an attempt. A repeated one is wrong, and was counted before. */
export type Outcome = 'right' | 'wrong' | 'repeated' | 'not judged';

/** Ends an attempt that was begun; called once. */
export type End = (outcome: Outcome) => Promise<void>;

/** How many attempts may fail for each key. */
export interface FailureLimitOptions {
  readonly counter: FailureCounter;
  readonly limit: number;
  /** Whether a right attempt makes the failures before it forgotten. */
  readonly isCleared: boolean;
  /** How many attempts may wait, over all keys; 1,024 when left out. */
  readonly maxWaiting?: number;
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

/** How many attempts may wait, over all keys. */
const MAX_WAITING = 1_024;

/** Seconds after which those are asked to come back for whom there is no room to wait. */
const NO_ROOM = 1;

/**
 * Lets a number of attempts fail for each key. An attempt counts from its beginning, so that no more guesses run side by side
 * than may fail; those above it wait for the outcome of those that run, since a right password takes nothing away. Of one
 * key at most twice as many wait as may run.
 */
export class FailureLimit {
  readonly #options: FailureLimitOptions;
  readonly #maxWaiting: number;
  readonly #gates = new Map<string, Gate>();
  readonly #full = new FullKeys();
  #waiting = 0;

  constructor(options: FailureLimitOptions) {
    this.#options = options;
    this.#maxWaiting = options.maxWaiting ?? MAX_WAITING;
  }

  /** Whether the next attempt of some key may have to wait or be refused. */
  get mayRefuse(): boolean {
    return this.#full.any;
  }

  /** Whether the next attempt of a key would have to wait or be refused, as far as this process knows. */
  isFull(key: string): boolean {
    return this.#full.has(key);
  }

  /** Attempts that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Begins an attempt when one more may fail. @throws ThrottledError; OverloadedError */
  async begin(key: string): Promise<End> {
    const gate = this.#gates.get(key) ?? { running: 0, ended: 0, isAsking: false, waiting: [] };
    const { limit } = this.#options;
    if (gate.running + gate.waiting.length >= 3 * limit) throw new ThrottledError(NO_ROOM);
    if (this.#waiting >= this.#maxWaiting) {
      throw new OverloadedError('too many logins wait, try again', NO_ROOM);
    }
    this.#gates.set(key, gate);
    this.#waiting += 1;
    return new Promise((start, refuse) => {
      gate.waiting.push({ start, refuse });
      void this.#admit(key, gate);
    });
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
          this.#waiting -= 1;
          gate.running += 1;
          next.start((outcome) => this.#end(key, gate, outcome));
        } else if (gate.ended === ended) {
          if (gate.running > 0) break;
          throw new ThrottledError(Math.max(1, Math.ceil(excess.msBeforeNext / 1000)));
        }
      }
    } catch (error) {
      const refused = gate.waiting.splice(0);
      this.#waiting -= refused.length;
      for (const turn of refused) turn.refuse(error);
    } finally {
      // In the same step as the last look at who waits: nobody may come between.
      gate.isAsking = false;
      if (gate.running === 0 && gate.waiting.length === 0) this.#gates.delete(key);
    }
  }

  /** Counts one more; if that is too many, tells how it stands instead. */
  async #take(key: string): Promise<FailureCount | undefined> {
    const { counter, limit } = this.#options;
    const count = await counter.penalty(key, 1);
    if (count.consumedPoints >= limit) this.#full.add(key, count.msBeforeNext);
    if (count.consumedPoints <= limit) return undefined;
    await counter.reward(key, 1);
    return count;
  }

  async #end(key: string, gate: Gate, outcome: Outcome): Promise<void> {
    const { counter, isCleared } = this.#options;
    if (outcome !== 'wrong') {
      if (outcome === 'right' && isCleared) await counter.delete(key);
      else await counter.reward(key, 1);
      this.#full.delete(key);
    }
    gate.running -= 1;
    gate.ended += 1;
    // Nobody's answer waits for the turn of others.
    void this.#admit(key, gate);
  }
}
