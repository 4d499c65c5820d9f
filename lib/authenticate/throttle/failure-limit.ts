import { OverloadedError, ThrottledError } from '../../errors.js';
import type { FailureCount, FailureCounter } from '../../stores/failure-counter.js';
import { FullKeys } from './full-keys.js';

/** The outcome of an attempt. A repeated one is wrong, but was counted before. */
export type Outcome = 'right' | 'wrong' | 'repeated' | 'not judged';

/** Ends an attempt; called once. */
export type End = (outcome: Outcome) => Promise<void>;

export interface FailureLimitOptions {
  readonly counter: FailureCounter;
  readonly limit: number;
  /** True if a right attempt clears the failures before it. */
  readonly isCleared: boolean;
  /** Attempts that may wait, over all keys; 1,024 when left out. */
  readonly maxWaiting?: number;
}

interface Turn {
  start(end: End): void;
  refuse(error: unknown): void;
}

/** The attempts of one key. */
interface Gate {
  running: number;
  /** Attempts that have ended. A count that is older than the last end is out of date. */
  ended: number;
  isAsking: boolean;
  readonly waiting: Turn[];
}

/** Attempts that may wait, over all keys. */
const MAX_WAITING = 1_024;

/** Seconds after which a client without room to wait may come back. */
const NO_ROOM = 1;

/**
 * Lets a number of attempts fail for each key. An attempt counts from its beginning, so that no
 * more guesses run side by side than may fail. Attempts beyond that wait for the outcome of those
 * that run, since a right password uses nothing up. Per key, at most twice as many wait as may run.
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

  /** True if the next attempt of some key may have to wait or be refused. */
  get mayRefuse(): boolean {
    return this.#full.any;
  }

  /**
   * Returns true if the next attempt of a key would have to wait or be refused, as far as this
   * process knows.
   */
  isFull(key: string): boolean {
    return this.#full.has(key);
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Begins an attempt once another one may fail. @throws ThrottledError; OverloadedError */
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

  /** Starts waiting attempts in turn, as long as another one may fail. */
  async #admit(key: string, gate: Gate): Promise<void> {
    // One run asks for all: the counter gets one question at a time, however many wait.
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
      // In the same step as the last look at the queue, so that no attempt can come between.
      gate.isAsking = false;
      if (gate.running === 0 && gate.waiting.length === 0) this.#gates.delete(key);
    }
  }

  /** Counts one more attempt. If that is too many, takes it back and returns the count. */
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
    // Not awaited: no answer waits for the turn of others.
    void this.#admit(key, gate);
  }
}
