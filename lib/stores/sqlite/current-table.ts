import type { Logger } from '../../logger.js';
import { notOpen } from '../rules/not-open.js';
import type * as OpenUserTable from './open-user-table.js';
import type { UserTable } from './user-table.js';

/** Loaded with the first store that is opened. */
declare function require(id: './open-user-table.js'): typeof OpenUserTable;

/** Options of a table. */
export interface CurrentTableOptions {
  readonly path: string;
  readonly logger: Logger | undefined;
  /** Called when another file, or none, is in the place of the database. */
  readonly onReplaced: () => void;
}

/**
 * The users of a database. It opens the database at the first use, and again after somebody put
 * another file in its place. While there is no file, no user can be looked up.
 */
export class CurrentTable {
  readonly #options: CurrentTableOptions;
  #opening: Promise<UserTable> | undefined;
  /**
   * Kept while its file is away: the file may be put back, and no other file can be taken for it.
   */
  #table: UserTable | undefined;
  #isAway = false;
  #isClosed = false;

  constructor(options: CurrentTableOptions) {
    this.#options = options;
  }

  /** The table, if it is open and its file is still in its place. */
  get open(): UserTable | undefined {
    const table = this.#table;
    if (table === undefined) return undefined;
    const wasAway = this.#isAway;
    this.#isAway = !table.isInPlace;
    if (this.#isAway !== wasAway) this.#options.onReplaced();
    return this.#isAway ? undefined : table;
  }

  /**
   * Returns the table, and opens it if necessary.
   *
   * @throws StoreUnavailableError if it was closed, can't be opened, or is gone
   */
  async ready(): Promise<UserTable> {
    if (this.#isClosed) throw notOpen();
    const { open } = this;
    if (open !== undefined) return open;
    this.#opening ??= this.#openNow().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  /** Closes it for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening?.catch(() => undefined);
    this.#table?.close();
    this.#table = undefined;
  }

  async #openNow(): Promise<UserTable> {
    const { path, logger } = this.#options;
    const { openUserTable } = require('./open-user-table.js');
    const before = this.#table;
    const table = await openUserTable(path, { logger, before });
    this.#table = table;
    this.#isAway = false;
    if (before !== undefined) {
      before.close();
      logger?.info(`the user database ${path} was replaced and is open again`);
    }
    return table;
  }
}
