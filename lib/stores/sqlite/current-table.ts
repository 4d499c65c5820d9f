import type { Logger } from '../../logger.js';
import { notOpen } from '../in-memory/persistence.js';
import type * as OpenUserTable from './open-user-table.js';
import type { UserTable } from './user-table.js';

/** Loaded with the first store that is opened. */
declare function require(id: './open-user-table.js'): typeof OpenUserTable;

/** What a table is opened with. */
export interface CurrentTableOptions {
  readonly path: string;
  readonly logger: Logger | undefined;
  /** Told when another file, or none, is where the database was. */
  readonly onReplaced: () => void;
}

/**
 * The users of a database: opened when they are first asked for, and again when somebody put another file in the place of the
 * database. While there is none, nobody can be looked up.
 */
export class CurrentTable {
  readonly #options: CurrentTableOptions;
  #opening: Promise<UserTable> | undefined;
  /** Kept while its file is away: it may be put back, and no other file can be taken for it. */
  #table: UserTable | undefined;
  #isAway = false;
  #isClosed = false;

  constructor(options: CurrentTableOptions) {
    this.#options = options;
  }

  /** The table, where it is open and its file is where it was. */
  get open(): UserTable | undefined {
    const table = this.#table;
    if (table === undefined) return undefined;
    const wasAway = this.#isAway;
    this.#isAway = !table.isInPlace;
    if (this.#isAway !== wasAway) this.#options.onReplaced();
    return this.#isAway ? undefined : table;
  }

  /** @throws StoreUnavailableError when it was closed, can't be opened, or is gone */
  async ready(): Promise<UserTable> {
    if (this.#isClosed) throw notOpen();
    const { open } = this;
    if (open !== undefined) return open;
    this.#opening ??= this.#openNow().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  /** Ends it for good. */
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
