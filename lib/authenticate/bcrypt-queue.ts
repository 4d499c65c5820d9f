import { availableParallelism } from 'node:os';
import { OverloadedError } from '../errors.js';

/** How much bcrypt work may run and wait. */
export interface BcryptQueueLimits {
  /** Runs at a time; as many as the machine has cores when left out, but never all of libuv's threads. */
  readonly concurrency?: number;
  /** Jobs that may wait; 256 when left out. */
  readonly waiting?: number;
}

interface Job {
  start(): void;
  refuse(): void;
}

const MAX_WAITING = 256;

/** bcrypt runs on libuv's threads, which files and name look-ups need too: one stays free. */
function defaultConcurrency(): number {
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  return Math.max(1, Math.min(availableParallelism(), threads - 1));
}

/**
 * Runs bcrypt jobs, a few at a time, and lets a bounded number wait. Jobs wait in lanes (one a client address)
 * that take turns, so that a flood from one address doesn't hold up a login from another; when the queue is full,
 * the longest lane gives way.
 */
export class BcryptQueue {
  readonly #concurrency: number;
  readonly #limit: number;
  readonly #lanes = new Map<string, Job[]>();
  #running = 0;
  #waiting = 0;

  constructor({ concurrency, waiting = MAX_WAITING }: BcryptQueueLimits = {}) {
    this.#concurrency = concurrency ?? defaultConcurrency();
    this.#limit = waiting;
  }

  /** Jobs that run. */
  get running(): number {
    return this.#running;
  }

  /** Jobs that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether as many wait as may: while fewer do, there is room in every lane. */
  get isFull(): boolean {
    return this.#waiting >= this.#limit;
  }

  /** Whether a lane in which jobs wait has no room for another. */
  isFullFor(lane: string): boolean {
    const waiting = this.#lanes.get(lane)?.length ?? 0;
    return this.isFull && waiting > 0 && this.#longest().length <= waiting + 1;
  }

  /**
   * Runs a job when its turn comes.
   *
   * @throws OverloadedError when too many wait
   */
  async run<T>(lane: string, job: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#concurrency) await this.#turn(lane);
    else this.#running += 1;
    try {
      return await job();
    } finally {
      this.#running -= 1;
      this.#startNext();
    }
  }

  #turn(lane: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const refuse = (): void => {
        reject(tooManyWait());
      };
      const jobs = this.#lanes.get(lane) ?? [];
      if (this.#waiting >= this.#limit && !this.#dropFromLaneLongerThan(jobs.length)) {
        refuse();
        return;
      }
      jobs.push({ start: resolve, refuse });
      this.#lanes.set(lane, jobs);
      this.#waiting += 1;
    });
  }

  #longest(): Job[] {
    let longest: Job[] = [];
    for (const jobs of this.#lanes.values()) if (jobs.length > longest.length) longest = jobs;
    return longest;
  }

  #dropFromLaneLongerThan(length: number): boolean {
    const longest = this.#longest();
    if (longest.length <= length + 1) return false;
    longest.pop()?.refuse();
    this.#waiting -= 1;
    return true;
  }

  #startNext(): void {
    const [next] = this.#lanes;
    if (next === undefined) return;
    const [lane, jobs] = next;
    // Behind all other lanes, or gone when it was its last job.
    this.#lanes.delete(lane);
    const job = jobs.shift();
    if (jobs.length > 0) this.#lanes.set(lane, jobs);
    if (job === undefined) return;
    this.#waiting -= 1;
    this.#running += 1;
    job.start();
  }
}

/** More wait for bcrypt than may. */
export function tooManyWait(): OverloadedError {
  return new OverloadedError('too many passwords are waiting to be verified, try again');
}
