import { resolve } from 'node:path';
import type { Logger } from '../logger.js';
import { silentLogger } from '../logger.js';
import type * as FileBackends from './file/file-backend.js';
import { InMemoryStore } from './in-memory/in-memory-store.js';

/** Loaded with the first store of this kind. */
declare function require(id: './file/file-backend.js'): typeof FileBackends;

/** Milliseconds that a change waits for a change by another process. */
const LOCK_TIMEOUT = 10_000;

/** Options of a {@link FileUserStore}. */
export interface FileUserStoreOptions {
  /** Logs when the file breaks, when it is mended, and when others may read it. */
  readonly logger?: Logger | undefined;
  /** Milliseconds that a change waits while another process changes the file; 10000 if left out. */
  readonly lockTimeout?: number | undefined;
}

/**
 * Users in a JSON file that people may edit and several processes may share:
 *
 * ```json
 * {
 *   "version": 1,
 *   "users": [{ "name": "amy", "type": "normal", "hash": "$2b$10$...", "permissions": ["api"] }]
 * }
 * ```
 *
 * Subscriptions are a list `subscriptions` beside the users. Only digests of their tokens are kept.
 *
 * The first change makes the file; only its owner may read it. The store sees within a second what
 * others write. While the file is broken or can't be read, the users read last remain, and changes
 * fail with a StoreUnavailableError.
 */
export class FileUserStore extends InMemoryStore {
  /** @param path - path of the file; its folder must exist */
  constructor(
    path: string,
    { logger = silentLogger, lockTimeout = LOCK_TIMEOUT }: FileUserStoreOptions = {},
  ) {
    const { FileBackend } = require('./file/file-backend.js');
    super(new FileBackend({ path: resolve(path), logger, lockTimeout }));
  }
}
