import { createRequire } from 'node:module';
import type Libsql from 'libsql';
import { z } from 'zod';
import { StoreUnavailableError } from '../../errors.js';

const libsqlClass = z.custom<typeof Libsql>((value) => typeof value === 'function');

/** Loads libsql when it is first needed: it takes 15 ms that a program with another store can spare. */
export function loadLibsql(): typeof Libsql {
  try {
    return libsqlClass.parse(createRequire(__filename)('libsql'));
  } catch (cause) {
    throw new StoreUnavailableError(
      'libsql can\'t be loaded on this platform: install it again, or set store.type = "file"',
      { cause },
    );
  }
}
