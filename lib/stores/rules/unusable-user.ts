import { StoreUnavailableError } from '../../errors.js';

/** The store answers, but not with a user that can be used: 503 for that user, and nobody else is concerned. */
export class UnusableUserError extends StoreUnavailableError {
  /** The user's name, and what is wrong with the user. */
  readonly user: string;
  readonly problem: string;

  /** @param remedy - what helps, if the store knows */
  constructor(user: string, problem: string, remedy?: string) {
    const help = remedy === undefined ? '' : `: ${remedy}`;
    super(`user ${JSON.stringify(user)} can't be used, as the user store has ${problem}${help}`, {
      answered: true,
    });
    this.user = user;
    this.problem = problem;
  }
}
