import { databaseUrls } from '../database-urls.js';
import type { SectionRows } from '../option.js';
import { boolean, choice, optionalPath, schemaName, storePath } from '../value-types.js';

/** `[store]`: the place of local users. */
export interface StoreConfig {
  /** The kind of store. */
  readonly type: 'sqlite' | 'file' | 'postgres';
  /** Path of the database or file, as given; relative to the working directory. */
  readonly path: string;
  /** URLs of the PostgreSQL database, one for each host, separated by commas. */
  readonly url: string;
  /** The schema that holds our tables in that database. */
  readonly schema: string;
  /** URLs that lead past a pooler; empty if there is none. */
  readonly listenUrl: string;
  /** PostgreSQL is asked over TLS. */
  readonly useTls: boolean;
  /** Path of PostgreSQL's certificate authority (PEM). */
  readonly ca: string;
  /** Path of our certificate (PEM). */
  readonly cert: string;
  /** Path of the key of our certificate (PEM). */
  readonly key: string;
  /** Any certificate of PostgreSQL is accepted. */
  readonly insecureSkipVerify: boolean;
}

/** `[store]`: the place of local users. */
export interface StoreOptions {
  /**
   * Default `'postgres'` if a URL is given, `'file'` if only a path is given and it ends in
   * `.json`, else `'sqlite'`.
   */
  readonly type?: 'sqlite' | 'file' | 'postgres' | undefined;
  /**
   * Relative to the working directory. Default `'kapacitor-auth.db'`, or `'kapacitor-auth.json'`
   * for a file.
   */
  readonly path?: string | undefined;
  /**
   * The PostgreSQL database: `postgres://user:password@host:port/database`. Several, separated by
   * commas, are tried for the one that is no standby.
   */
  readonly url?: string | undefined;
  /** The schema that holds our tables in that database. Default `'kapacitor_auth'`. */
  readonly schema?: string | undefined;
  /**
   * The same database past a pooler that delivers no notifications, such as PgBouncer. Default
   * `''`: `url` leads there.
   */
  readonly listenUrl?: string | undefined;
  /** Ask PostgreSQL over TLS, and check its certificate and name. Default false. */
  readonly useTls?: boolean | undefined;
  /** Path of PostgreSQL's certificate authority (PEM). Default: those that Node.js trusts. */
  readonly ca?: string | undefined;
  /** Path of our certificate for PostgreSQL (PEM). */
  readonly cert?: string | undefined;
  /** Path of the key of our certificate (PEM). */
  readonly key?: string | undefined;
  /** Accept any certificate of PostgreSQL. Default false. */
  readonly insecureSkipVerify?: boolean | undefined;
}

/** The rows of `[store]`. */
export const storeRows: SectionRows<StoreConfig> = {
  type: {
    type: choice('sqlite', 'file', 'postgres'),
    default: 'sqlite',
    purpose:
      'how local users are kept; `"postgres"` if a URL is given, `"file"` if only a path is given and it ends in `.json`',
  },
  path: {
    type: storePath,
    default: 'kapacitor-auth.db',
    purpose: 'where local users are kept; by default `"kapacitor-auth.json"` for a `"file"`',
  },
  url: {
    type: databaseUrls,
    default: '',
    secret: true,
    purpose: 'the PostgreSQL database that keeps the users; several are tried for the primary',
  },
  schema: {
    type: schemaName,
    default: 'kapacitor_auth',
    purpose: 'the schema that holds our tables in that database',
  },
  listenUrl: {
    type: databaseUrls,
    default: '',
    secret: true,
    purpose: 'the same database past a pooler such as PgBouncer; `url` while it is empty',
  },
  useTls: { type: boolean, default: false, purpose: 'whether PostgreSQL is asked over TLS' },
  ca: {
    type: optionalPath,
    default: '',
    purpose:
      'certificate authority of PostgreSQL (PEM); those that Node.js trusts while it is empty',
  },
  cert: { type: optionalPath, default: '', purpose: 'our certificate for PostgreSQL (PEM)' },
  key: { type: optionalPath, default: '', purpose: 'the key of that certificate (PEM)' },
  insecureSkipVerify: {
    type: boolean,
    default: false,
    purpose: 'accept any certificate of PostgreSQL',
  },
};
