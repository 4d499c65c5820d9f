import { UnusableUserError } from '../rules/unusable-user.js';
import type { ListOptions, StoredUser } from '../user-store.js';
import type { RowKey } from './row-key.js';
import type { UserRow } from './user-row.js';
import { userFromRow } from './user-row.js';

/** The users of a list that is being made; those that are damaged are told of, and counted. */
export class FoundUsers {
  readonly #users: StoredUser[] = [];
  readonly #onUnusable: ListOptions['onUnusable'];
  #count = 0;

  constructor(onUnusable: ListOptions['onUnusable']) {
    this.#onUnusable = onUnusable;
  }

  get users(): readonly StoredUser[] {
    return this.#users;
  }

  /** How many rows were found. */
  get count(): number {
    return this.#count;
  }

  /** Adds one of which no more is known than its key. @throws UnusableUserError if nobody is to be told of it */
  readonly addKey = ([kind, name]: RowKey): void => {
    this.add([kind, name, null, null, null]);
  };

  /** @throws UnusableUserError for a damaged row, if nobody is to be told of it */
  readonly add = (row: UserRow): void => {
    this.#count += 1;
    try {
      this.#users.push(userFromRow(row));
    } catch (error) {
      if (!(error instanceof UnusableUserError) || this.#onUnusable === undefined) throw error;
      this.#onUnusable({ name: error.user, problem: error.problem });
    }
  };
}
