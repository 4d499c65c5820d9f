import type { SectionRows } from '../option.js';
import { choice, path } from '../value-types.js';

/** `[store]`: the place of local users. */
export interface StoreConfig {
  /** The kind of store. */
  readonly type: 'sqlite' | 'file';
  /** Path of the database or file, as given; relative to the working directory. */
  readonly path: string;
}

/** `[store]`: the place of local users. */
export interface StoreOptions {
  /** Default `'sqlite'`, or `'file'` if only a path is given and it ends in `.json`. */
  readonly type?: 'sqlite' | 'file' | undefined;
  /**
   * Relative to the working directory. Default `'kapacitor-auth.db'`, or `'kapacitor-auth.json'`
   * for a file.
   */
  readonly path?: string | undefined;
}

/** The rows of `[store]`. */
export const storeRows: SectionRows<StoreConfig> = {
  type: {
    type: choice('sqlite', 'file'),
    default: 'sqlite',
    purpose: 'how local users are kept; `"file"` where only a path is given and it ends in `.json`',
  },
  path: {
    type: path,
    default: 'kapacitor-auth.db',
    purpose: 'where local users are kept; by default `"kapacitor-auth.json"` for a `"file"`',
  },
};
