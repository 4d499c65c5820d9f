import type { ListOptions } from '../list-options.js';
import type { StoredUser } from '../user-store.js';
import { UnusableUserError } from './unusable-user.js';

/** The users of a list in the making. It reports damaged users, and counts them too. */
export class FoundUsers<Row> {
  readonly #read: (row: Row) => StoredUser;
  readonly #onUnusable: ListOptions['onUnusable'];
  readonly #users: StoredUser[] = [];
  #count = 0;

  /** @param read - makes a user of a row; throws an UnusableUserError for a damaged one */
  constructor(read: (row: Row) => StoredUser, onUnusable: ListOptions['onUnusable']) {
    this.#read = read;
    this.#onUnusable = onUnusable;
  }

  get users(): readonly StoredUser[] {
    return this.#users;
  }

  /** The number of rows found. */
  get count(): number {
    return this.#count;
  }

  /** Adds a row. @throws UnusableUserError for a damaged row without `onUnusable` */
  readonly add = (row: Row): void => {
    this.#count += 1;
    try {
      this.#users.push(this.#read(row));
    } catch (error) {
      if (!(error instanceof UnusableUserError) || this.#onUnusable === undefined) throw error;
      this.#onUnusable({ name: error.user, problem: error.problem });
    }
  };
}
