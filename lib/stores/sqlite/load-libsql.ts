import type Libsql from 'libsql';
import { StoreUnavailableError } from '../../errors.js';
import { lazy } from '../../lazy.js';

/** Loads libsql when it is first needed: it takes 15 ms that a program with another store can spare. */
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
