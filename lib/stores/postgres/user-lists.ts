import type { ListOptions } from '../list-options.js';
import { SerialQueue } from '../rules/serial-queue.js';
import type { StoredUser } from '../user-store.js';
import type { PostgresDatabase } from './database.js';
import { listUsers } from './list-users.js';

/** At most so many lists of one moment may wait. */
const MOST_SNAPSHOTS = 64;

/** Lists of the users of a database; those of one moment are made one after another. */
export class UserLists {
  readonly #database: PostgresDatabase;
  readonly #snapshots = new SerialQueue(MOST_SNAPSHOTS, 'lists of users');

  constructor(database: PostgresDatabase) {
    this.#database = database;
  }

  /** @throws as {@link listUsers} */
  async list(options: ListOptions = {}): Promise<readonly StoredUser[]> {
    const { schema } = this.#database;
    if (options.snapshot !== true) return listUsers(this.#database, schema, options);
    return this.#snapshots.run(() =>
      this.#database.snapshot((session) => listUsers(session, schema, options)),
    );
  }
}
