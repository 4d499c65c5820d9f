import type { MaybePromise } from '../maybe-promise.js';

/** What is known of a key. */
export interface FailureCount {
  /** How many failures count. */
  readonly consumedPoints: number;
  /** Milliseconds until they don't. */
  readonly msBeforeNext: number;
}

/**
 * Counts failures by key. What a key counts is forgotten a window after its first failure. A limiter of rate-limiter-flexible
 * fits, such as its RateLimiterRedis and RateLimiterPostgres; it may be shared by any number of processes.
 *
 * Where it fails, or does not answer within a second, failures are counted in this process' memory.
 */
export interface FailureCounter {
  /** Adds failures, in one step whoever else does, and tells the sum. */
  penalty(key: string, points: number): MaybePromise<FailureCount>;
  /** Takes failures back. */
  reward(key: string, points: number): MaybePromise<unknown>;
  /** Forgets a key. */
  delete(key: string): MaybePromise<unknown>;
}

/** What a counter is made for, by the names that rate-limiter-flexible has. */
export interface FailureCounterOptions {
  /** Keeps the keys of one limit apart from those of others; fits as the name of a table. */
  readonly keyPrefix: string;
  /** How many failures are accepted. */
  readonly points: number;
  /** Seconds that failures count. */
  readonly duration: number;
}

/** Makes the counter of a limit; called once for each. */
export type ThrottleStore = (options: FailureCounterOptions) => FailureCounter;
