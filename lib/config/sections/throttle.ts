import type { SectionRows } from '../option.js';
import { boolean, choice, secondsOrMore, wholeNumber } from '../value-types.js';

/** `[throttle]`: the number of logins that may fail. */
export interface ThrottleConfig {
  /** Failed logins are counted. */
  readonly enabled: boolean;
  /** Failures of one user from one address in a window; 0 for any number. */
  readonly failuresPerUser: number;
  /** Failures from one address in a window; 0 for any number. */
  readonly failuresPerAddress: number;
  /** Milliseconds from the first failure. */
  readonly window: number;
  /** Failures are counted in this process, or in the users' store for all who share it. */
  readonly store: 'memory' | 'store';
}

/** `[throttle]`: the number of logins that may fail before the next are answered with 429. */
export interface ThrottleOptions {
  /** Count failed logins. Default true. */
  readonly enabled?: boolean | undefined;
  /** Failures of one user from one address in a window; 0 for any number. Default 10. */
  readonly failuresPerUser?: number | undefined;
  /** Failures from one address in a window; 0 for any number. Default 100. */
  readonly failuresPerAddress?: number | undefined;
  /** Time for which failures count, from the first one; a second or more. Default `'1m'`. */
  readonly window?: string | undefined;
  /**
   * Count failures in this process (`'memory'`), or in the users' store for all processes that
   * share it (`'store'`, which PostgreSQL can). Default `'store'` if the store can, else
   * `'memory'`. `throttleStore` replaces both.
   */
  readonly store?: 'memory' | 'store' | undefined;
}

/** The highest count that fits into four bytes, such as an `integer` of PostgreSQL. */
const MAX_FAILURES = 2_147_483_647;

/** The rows of `[throttle]`. */
export const throttleRows: SectionRows<ThrottleConfig> = {
  enabled: {
    type: boolean,
    default: true,
    purpose: 'whether failed logins are counted, and too many answered with 429',
  },
  failuresPerUser: {
    type: wholeNumber(0, MAX_FAILURES, 'a number of logins'),
    default: 10,
    purpose: 'how many logins of one user from one address may fail in a window; 0 for any',
  },
  failuresPerAddress: {
    type: wholeNumber(0, MAX_FAILURES, 'a number of logins'),
    default: 100,
    purpose: 'how many logins from one address may fail in a window; 0 for any',
  },
  window: {
    type: secondsOrMore,
    default: 60_000,
    purpose: 'how long failures count, from the first one',
  },
  store: {
    type: choice('memory', 'store'),
    default: 'memory',
    purpose:
      'whether failures are counted in this process or, by default with `"postgres"`, in the store for all processes on it',
  },
};
