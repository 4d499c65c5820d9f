import { StoreUnavailableError } from '../errors.js';
import type { GuardedStore } from './guarded-store.js';
import type { PasswordAttempt, Passwords, VersionedAttempt } from './passwords/passwords.js';
import type { UserCache } from './user-cache.js';
import type { AskTimes } from './waiting/ask-times.js';
import type { LaneQueue } from './waiting/lane-queue.js';

export interface PasswordQuestionsParts {
  readonly store: GuardedStore;
  readonly users: UserCache;
  readonly passwords: Passwords;
  /** Holds passwords that wait for a source that verifies them itself. */
  readonly verifications: LaneQueue;
  readonly askTimes: AskTimes;
}

/** Asks a source that verifies passwords itself. */
export class PasswordQuestions {
  readonly #parts: PasswordQuestionsParts;

  constructor(parts: PasswordQuestionsParts) {
    this.#parts = parts;
  }

  /**
   * Asks the source. A wrong password costs a run of bcrypt as well, like a wrong password of any
   * other name.
   *
   * @param outage - the reason why the source could not be asked about the user, if it could not
   * @returns the end of a right answer's validity; undefined for a wrong password
   * @throws StoreUnavailableError; OverloadedError
   */
  async ask(
    name: string,
    attempt: PasswordAttempt & VersionedAttempt,
    outage: StoreUnavailableError | undefined,
  ): Promise<number | undefined> {
    const { users, passwords, store, askTimes, verifications } = this.#parts;
    const ask = async (): Promise<boolean> => {
      if (outage !== undefined) throw outage;
      return store.verify(name, attempt.password);
    };
    try {
      const until = await passwords.ask(name, attempt, () =>
        verifications.run(attempt.lane, () => askTimes.watch(ask)),
      );
      if (until === undefined) await passwords.refuse(name, attempt);
      return until;
    } catch (error) {
      const isOutage = error instanceof StoreUnavailableError && !error.answered;
      // Counts for this request only, and is not remembered.
      if (isOutage && !users.servesNobody && passwords.wasRight(name, attempt)) {
        return performance.now();
      }
      await Promise.resolve(passwords.refuse(name, attempt)).catch(() => undefined);
      throw error;
    }
  }
}
