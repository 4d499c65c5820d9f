import { resolve } from 'node:path';
import type { Logger } from '../logger.js';
import { silentLogger } from '../logger.js';
import type * as FileBackends from './file/file-backend.js';
import { InMemoryStore } from './in-memory/in-memory-store.js';

/** Loaded with the first store of its kind. */
declare function require(id: './file/file-backend.js'): typeof FileBackends;

/** Milliseconds that a change waits for another process' change. */
const LOCK_TIMEOUT = 10_000;

/** What a {@link FileUserStore} may be given. */
export interface FileUserStoreOptions {
  /** Told when the file breaks or is mended, and when others may read it. */
  readonly logger?: Logger | undefined;
  /** Milliseconds that a change waits while another process changes the file; 10000 when left out. */
  readonly lockTimeout?: number | undefined;
}

/**
 * Users in a JSON file that people may edit and several processes may share:
 *
 * ```json
 * { "version": 1, "users": [{ "name": "amy", "type": "normal", "hash": "$2b$10$...", "permissions": ["api"] }] }
 * ```
 *
 * Subscriptions are a list `subscriptions` beside the users, of which only digests of their tokens are kept.
 *
 * The file is made by the first change, readable by its owner only. What others write is seen within a second.
 * While the file is broken or can't be read, the users last read remain, and changes are refused with a
 * StoreUnavailableError.
 */
export class FileUserStore extends InMemoryStore {
  /** @param path - of the file; its folder must exist */
  constructor(
    path: string,
    { logger = silentLogger, lockTimeout = LOCK_TIMEOUT }: FileUserStoreOptions = {},
  ) {
    const { FileBackend } = require('./file/file-backend.js');
    super(new FileBackend({ path: resolve(path), logger, lockTimeout }));
  }
}
