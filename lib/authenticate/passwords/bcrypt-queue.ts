import { availableParallelism } from 'node:os';
import { OverloadedError } from '../../errors.js';
import type { Brake } from '../waiting/brake.js';
import { LaneQueue } from '../waiting/lane-queue.js';
import { eventLoopShare } from './event-loop-share.js';
import { Guessers } from './guessers.js';

export interface BcryptQueueLimits {
  /** Runs at a time. When left out: one per core, but fewer than libuv has threads. */
  readonly concurrency?: number;
  /** Jobs that may wait; 256 when left out. */
  readonly waiting?: number;
  /** Cores of the machine. */
  readonly cores?: number;
  /** The share of time for which the event loop has had work of late, 0 to 1. */
  readonly loopShare?: () => number;
}

const MAX_WAITING = 256;

/** Milliseconds of the longest rest: to a starved or stopped process a run takes long. */
const MAX_REST = 250;

/** The share of its time for which a busy event loop has work: its clients need time as well. */
const BUSY = 0.5;

/** bcrypt runs on libuv's threads. Files and name look-ups need them too, so one stays free. */
function defaultConcurrency(cores: number): number {
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  return Math.max(1, Math.min(cores, threads - 1));
}

/**
 * The queue for bcrypt, one lane per client address. Lanes from which many wrong passwords came of
 * late leave one core free, all of them together: guesses must not take the event loop's, and with
 * it the time of those who are logged in. If they could still take all other cores, they rest after
 * each run, as long as it took if the event loop has work for half of its time, else less. Right
 * passwords of other lanes, however many, may use all cores.
 */
export class BcryptQueue extends LaneQueue {
  readonly #guessers: Guessers;

  constructor({
    cores = availableParallelism(),
    concurrency = defaultConcurrency(cores),
    waiting = MAX_WAITING,
    loopShare = eventLoopShare(),
  }: BcryptQueueLimits = {}) {
    const guessers = new Guessers();
    const most = Math.max(1, Math.min(concurrency, cores - 1));
    const isTight = cores <= most + 1;
    const brake: Brake = {
      most,
      holds: (lane) => guessers.has(lane),
      // The same after right and wrong passwords, so that the time tells nothing.
      restAfter: (took) =>
        isTight ? Math.min(MAX_REST, took * Math.min(1, loopShare() / BUSY)) : 0,
    };
    super({ concurrency, waiting, brake, refusal: tooManyWait });
    this.#guessers = guessers;
  }

  /** Notes that a password from this lane was wrong. */
  noteWrong(lane: string): void {
    this.#guessers.note(lane);
  }
}

/** The error if too many passwords wait for bcrypt. */
export function tooManyWait(): OverloadedError {
  return new OverloadedError('too many passwords are waiting to be verified, try again');
}
