import type { MaybePromise } from '../maybe-promise.js';

/**
 * The sessions that were ended by a log-out before their time. All processes on a source share
 * them: a session that one of them ends is over for the others from their next question.
 */
export interface EndedSessions {
  /**
   * Notes that a session is over.
   *
   * @param id - 1 to 64 characters of base64url
   * @param until - the time at which the session would be over anyway: it may be forgotten then
   * @returns false if there is no room: the caller ends all sessions of the user instead
   * @throws StoreUnavailableError
   */
  end(id: string, until: Date): MaybePromise<boolean>;
  /**
   * Returns true if a session was ended; once its time is past, it may say either. It must never
   * say false because it could not look.
   *
   * @throws StoreUnavailableError
   */
  isEnded(id: string): MaybePromise<boolean>;
}
