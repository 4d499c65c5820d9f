/** Milliseconds without a request after which a session is over. */
export const LONGEST_IDLE: number = 30 * 60_000;

/** Milliseconds after the login after which a session is over in any case. */
export const LONGEST: number = 8 * 60 * 60_000;

/** Milliseconds after which a request renews the value, so that it doesn't become idle. */
export const RENEW_AFTER = 60_000;

/** Milliseconds that the clock of the machine that made a value may be ahead of ours. */
export const CLOCK_SKEW = 60_000;

/** Times of a session, in milliseconds since 1970. */
export interface SessionTimes {
  readonly startedAt: number;
  /** The last use that a value tells of. */
  readonly usedAt: number;
}

/**
 * The time at which a session is over if it isn't used again.
 *
 * @param isBound - false if nothing ties the session to the user's password: it is not prolonged
 *   then
 */
export function endOfSession({ startedAt, usedAt }: SessionTimes, isBound: boolean): number {
  return Math.min(usedAt + LONGEST_IDLE, startedAt + (isBound ? LONGEST : LONGEST_IDLE));
}

/** Returns true if a value comes from a time that is further ahead than clocks differ. */
export function isAhead({ startedAt, usedAt }: SessionTimes, now: number): boolean {
  return Math.max(startedAt, usedAt) > now + CLOCK_SKEW;
}
