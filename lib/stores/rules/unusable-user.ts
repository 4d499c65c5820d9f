import { StoreUnavailableError } from '../../errors.js';
import { markErrors } from '../../known-errors.js';

/** The store answers, but this user is damaged: 503 for that user, while others go on. */
export class UnusableUserError extends StoreUnavailableError {
  /** The user's name. */
  readonly user: string;
  /** The problem, without a hash: `a row that can't be used: hash is not UTF-8`. */
  readonly problem: string;

  /** @param remedy - the remedy, if the store knows one */
  constructor(user: string, problem: string, remedy?: string) {
    const help = remedy === undefined ? '' : `: ${remedy}`;
    super(`user ${JSON.stringify(user)} can't be used, as the user store has ${problem}${help}`, {
      answered: true,
    });
    this.user = user;
    this.problem = problem;
  }
}

markErrors({ UnusableUserError });
