import { LRUCache } from 'lru-cache';
import { StoreUnavailableError } from '../../errors.js';
import type { Logger } from '../../logger.js';

/** How many users are told of once rather than each time. */
const MAX_TOLD = 256;

/** The store answers, but not with a user that can be used: 503 for that user, and nobody else is concerned. */
export class UnusableUserError extends StoreUnavailableError {
  /** The user's name, and what is wrong with the user. */
  readonly user: string;
  readonly problem: string;

  constructor(user: string, problem: string) {
    super('it answered with a user that can not be used', { answered: true });
    this.user = user;
    this.problem = problem;
  }
}

/** Tells of users that can't be used, once each. */
export class UnusableUsers {
  readonly #logger: Logger;
  readonly #told = new LRUCache<string, string>({ max: MAX_TOLD });

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  tell({ user, problem }: UnusableUserError): void {
    if (this.#told.get(user) === problem) return;
    this.#told.set(user, problem);
    this.#logger.error(`user ${JSON.stringify(user)} can't log in: the user store has ${problem}`);
  }
}
