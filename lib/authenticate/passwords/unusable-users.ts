import type { Logger } from '../../logger.js';
import type { UnusableUser } from '../../stores/subscription-store.js';
import { tellFailure } from '../../warnings.js';
import { BoundedMemory } from '../bounded-memory.js';

/** Limit of remembered lines; older ones may be logged again. */
const MAX_TOLD = 256;

/** Logs users that can't be used, once each. */
export class UnusableUsers {
  readonly #logger: Logger;
  readonly #told = new BoundedMemory<true>({ max: MAX_TOLD });

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  tell({ name, problem }: UnusableUser): void {
    const text = `user ${JSON.stringify(name)} can't log in: the user store has ${problem}`;
    if (this.#told.get(text) === true) return;
    this.#told.set(text, true);
    tellFailure('WRN_KAUTH_UNUSABLE_USER', text, this.#logger);
  }
}
