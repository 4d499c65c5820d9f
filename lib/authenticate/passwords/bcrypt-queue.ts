import { availableParallelism } from 'node:os';
import { OverloadedError } from '../../errors.js';
import { BoundedMemory } from '../bounded-memory.js';
import { LaneQueue } from '../waiting/lane-queue.js';

export interface BcryptQueueLimits {
  /** Runs at a time. When left out: one per core, but fewer than libuv has threads. */
  readonly concurrency?: number;
  /** Jobs that may wait; 256 when left out. */
  readonly waiting?: number;
  /** Cores of the machine. */
  readonly cores?: number;
}

const MAX_WAITING = 256;

/** Limit of remembered lanes with wrong passwords, and the milliseconds for which they count. */
const MAX_FAILING = 4_096;
const WINDOW = 10_000;

/**
 * Wrong passwords of a lane in that time that are taken for mistakes: who shares an address with
 * somebody who guesses on so slowly is not slowed down by it. To guess faster for long, the
 * throttle must be off.
 */
export const TOLERATED = 20;

/** bcrypt runs on libuv's threads. Files and name look-ups need them too, so one stays free. */
function defaultConcurrency(cores: number): number {
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  return Math.max(1, Math.min(cores, threads - 1));
}

/**
 * The queue for bcrypt, one lane per client address. A lane from which many wrong passwords
 * came of late leaves one core free: guesses must not take the event loop's, and with it the time
 * of those who are logged in. Right passwords, however many, may use all cores.
 */
export class BcryptQueue extends LaneQueue {
  readonly #wrong: BoundedMemory<{ count: number }>;

  constructor({
    cores = availableParallelism(),
    concurrency = defaultConcurrency(cores),
    waiting = MAX_WAITING,
  }: BcryptQueueLimits = {}) {
    const wrong = new BoundedMemory<{ count: number }>({ max: MAX_FAILING, lifetime: WINDOW });
    const perLane = (lane: string): number => {
      const isGuessing = (wrong.get(lane)?.count ?? 0) > TOLERATED;
      return isGuessing ? Math.max(1, Math.min(concurrency, cores - 1)) : concurrency;
    };
    super({ concurrency, waiting, perLane, refusal: tooManyWait });
    this.#wrong = wrong;
  }

  /** Notes that a password from this lane was wrong. */
  noteWrong(lane: string): void {
    const noted = this.#wrong.get(lane);
    if (noted === undefined) this.#wrong.set(lane, { count: 1 });
    else noted.count += 1;
  }
}

/** The error if too many passwords wait for bcrypt. */
export function tooManyWait(): OverloadedError {
  return new OverloadedError('too many passwords are waiting to be verified, try again');
}
