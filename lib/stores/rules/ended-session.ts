import { invalidRequest } from '../../invalid-request.js';

/** The most sessions that are remembered as ended. */
export const MOST_ENDED_SESSIONS = 100_000;

/** At most so many that are past their time are forgotten with each new one. */
export const FORGOTTEN_AT_ONCE = 1_000;

/**
 * Milliseconds for which an ended session is remembered past its time: another process, whose clock
 * goes slow, may still take it for one that lasts.
 */
const CLOCKS_DIFFER_BY = 3_600_000;

/** Sessions whose time came before this one may be forgotten; in milliseconds since 1970. */
export function forgettableUntil(): number {
  return Date.now() - CLOCKS_DIFFER_BY;
}

/** Returns true if a text can be the id of a session. */
export function isSessionId(id: string): boolean {
  return /^[\w-]{1,64}$/.test(id);
}

/** Checks a session that is to be remembered. @throws InvalidRequestError */
export function checkEndedSession(id: string, until: Date): void {
  if (!isSessionId(id))
    throw invalidRequest('the id of a session is 1 to 64 characters of base64url');
  if (Number.isNaN(until.getTime())) throw invalidRequest('a session ends at a valid time');
}
