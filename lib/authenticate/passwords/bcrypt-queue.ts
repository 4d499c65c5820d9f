import { availableParallelism } from 'node:os';
import { OverloadedError } from '../../errors.js';
import { LaneQueue } from '../waiting/lane-queue.js';

export interface BcryptQueueLimits {
  /** Runs at a time. When left out: one per core, but fewer than libuv has threads. */
  readonly concurrency?: number;
  /** Jobs that may wait; 256 when left out. */
  readonly waiting?: number;
}

const MAX_WAITING = 256;

/** bcrypt runs on libuv's threads. Files and name look-ups need them too, so one stays free. */
function defaultConcurrency(): number {
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  return Math.max(1, Math.min(availableParallelism(), threads - 1));
}

export class BcryptQueue extends LaneQueue {
  constructor({ concurrency, waiting = MAX_WAITING }: BcryptQueueLimits = {}) {
    super({ concurrency: concurrency ?? defaultConcurrency(), waiting, refusal: tooManyWait });
  }
}

/** The error if too many passwords wait for bcrypt. */
export function tooManyWait(): OverloadedError {
  return new OverloadedError('too many passwords are waiting to be verified, try again');
}
