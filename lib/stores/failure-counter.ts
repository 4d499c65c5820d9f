import type { MaybePromise } from '../maybe-promise.js';

/** The count of a key. */
export interface FailureCount {
  /** Failures that count. */
  readonly consumedPoints: number;
  /** Milliseconds until they stop counting. */
  readonly msBeforeNext: number;
}

/**
 * Counts failures by key. It forgets the count of a key one window after the key's first failure. A
 * limiter of rate-limiter-flexible fits, such as its RateLimiterRedis and RateLimiterPostgres; any
 * number of processes may share it.
 *
 * If it fails or does not answer within a second, this process counts failures in its memory.
 */
export interface FailureCounter {
  /** Adds failures and returns the sum. The addition is atomic, even if other processes add too. */
  penalty(key: string, points: number): MaybePromise<FailureCount>;
  /** Takes failures back. */
  reward(key: string, points: number): MaybePromise<unknown>;
  /** Forgets a key. */
  delete(key: string): MaybePromise<unknown>;
}

/** Options of a counter, named as in rate-limiter-flexible. */
export interface FailureCounterOptions {
  /** Keeps the keys of one limit apart from those of other limits; fits as the name of a table. */
  readonly keyPrefix: string;
  /** Failures that are accepted. */
  readonly points: number;
  /** Seconds for which failures count. */
  readonly duration: number;
}

/** Makes the counter of a limit; called once for each limit. */
export type ThrottleStore = (options: FailureCounterOptions) => FailureCounter;
