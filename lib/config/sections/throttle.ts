import type { SectionRows } from '../option.js';
import { boolean, secondsOrMore, wholeNumber } from '../value-types.js';

/** `[throttle]`: how many logins may fail. */
export interface ThrottleConfig {
  /** Whether failed logins are counted. */
  readonly enabled: boolean;
  /** Failures of one user from one address in a window; 0 for any number. */
  readonly failuresPerUser: number;
  /** Failures from one address in a window; 0 for any number. */
  readonly failuresPerAddress: number;
  /** Milliseconds from the first failure. */
  readonly window: number;
}

/** `[throttle]`: how many logins may fail before the next are answered with 429. */
export interface ThrottleOptions {
  /** Whether failed logins are counted. Default true. */
  readonly enabled?: boolean | undefined;
  /** How many of one user from one address in a window; 0 for any number. Default 10. */
  readonly failuresPerUser?: number | undefined;
  /** How many from one address in a window; 0 for any number. Default 100. */
  readonly failuresPerAddress?: number | undefined;
  /** How long failures count, from the first one; a second or more. Default `'1m'`. */
  readonly window?: string | undefined;
}

/** What a count of four bytes can tell, such as in PostgreSQL. */
const MAX_FAILURES = 2_147_483_647;

/** The rows of `[throttle]`. */
export const throttle: SectionRows<ThrottleConfig> = {
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
};
