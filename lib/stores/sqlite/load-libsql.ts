import type Libsql from 'libsql';
import { StoreUnavailableError } from '../../errors.js';
import { lazy } from '../../lazy.js';

/**
 * Loads libsql at the first use: it takes 15 ms, which programs with another store save.
 *
 * @throws StoreUnavailableError if there is no libsql for this platform
 */
export function loadLibsql(): typeof Libsql {
  try {
    return lazy.libsql();
  } catch (cause) {
    throw new StoreUnavailableError(
      'libsql can\'t be loaded on this platform: install it again, or set store.type = "file"',
      { cause },
    );
  }
}
