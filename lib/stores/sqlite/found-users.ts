import type { ListOptions } from '../list-options.js';
import { UnusableUserError } from '../rules/unusable-user.js';
import type { StoredUser } from '../user-store.js';
import type { RowKey } from './row-key.js';
import type { UserRow } from './user-row.js';
import { userFromRow } from './user-row.js';

/** The users of a list in the making. It reports damaged users, and counts them too. */
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

  /** The number of rows found. */
  get count(): number {
    return this.#count;
  }

  /** Adds a row of which only the key is known. @throws UnusableUserError without `onUnusable` */
  readonly addKey = ([kind, name]: RowKey): void => {
    this.add([kind, name, null, null, null, null, null, null, null]);
  };

  /** Adds a row. @throws UnusableUserError for a damaged row without `onUnusable` */
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
