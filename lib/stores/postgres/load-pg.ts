import type * as Pg from 'pg';
import { StoreUnavailableError } from '../../errors.js';
import { lazy } from '../../lazy.js';

/**
 * Loads pg at the first use: programs with another store need not have it.
 *
 * @throws StoreUnavailableError if it is not installed
 */
export function loadPg(): typeof Pg {
  try {
    return lazy.pg();
  } catch (cause) {
    throw new StoreUnavailableError('store.type postgres needs the package pg: npm install pg', {
      cause,
    });
  }
}
