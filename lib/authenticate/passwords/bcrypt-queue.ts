import { availableParallelism } from 'node:os';
import { OverloadedError } from '../../errors.js';
import { LaneQueue } from '../waiting/lane-queue.js';

/** How much bcrypt work may run and wait. */
export interface BcryptQueueLimits {
  /** Runs at a time; as many as the machine has cores when left out, but never all of libuv's threads. */
  readonly concurrency?: number;
  /** Jobs that may wait; 256 when left out. */
  readonly waiting?: number;
}

const MAX_WAITING = 256;

/** bcrypt runs on libuv's threads, which files and name look-ups need too: one stays free. */
function defaultConcurrency(): number {
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  return Math.max(1, Math.min(availableParallelism(), threads - 1));
}

/** The queue for bcrypt. */
export class BcryptQueue extends LaneQueue {
  constructor({ concurrency, waiting = MAX_WAITING }: BcryptQueueLimits = {}) {
    super({ concurrency: concurrency ?? defaultConcurrency(), waiting, refusal: tooManyWait });
  }
}

/** More wait for bcrypt than may. */
export function tooManyWait(): OverloadedError {
  return new OverloadedError('too many passwords are waiting to be verified, try again');
}
