import type { DatabaseUrl } from '../../database-urls.js';
import { readDatabaseUrls } from '../../database-urls.js';
import { MisuseError } from '../../errors.js';
import type { Logger } from '../../logger.js';
import { silentLogger } from '../../logger.js';
import type { PostgresOrigin } from './connections.js';
import type { PostgresPool } from './postgres-pool.js';
import { checkSchema, DEFAULT_SCHEMA } from './schema.js';
import { TlsContext } from './tls-context.js';

/** The proofs of the database to us, and of us to it. */
export interface PostgresTls {
  /** True to connect over TLS only; false if left out, unless the URL has `sslmode=require`. */
  readonly useTls?: boolean | undefined;
  /**
   * PEM file of the authorities that may have signed the server's certificate. Only these are
   * trusted. If left out, those that Node trusts.
   */
  readonly ca?: string | undefined;
  /** PEM file of our certificate, for a server that asks for one. */
  readonly cert?: string | undefined;
  /** PEM file of the key of `cert`. */
  readonly key?: string | undefined;
  /**
   * True to accept any certificate, and so anybody who can get between us and the server; false if
   * left out.
   */
  readonly insecureSkipVerify?: boolean | undefined;
}

/** Options of a {@link PostgresUserStore}: either `url` or `pool`. */
export interface PostgresUserStoreOptions {
  /**
   * `postgres://user:password@host:port/database`. Several, as a list or separated by commas, or
   * several hosts of one, are tried in turn until one is the primary.
   */
  readonly url?: string | readonly string[] | undefined;
  /**
   * Connections of the app, in place of `url`; the store never ends the pool. It keeps one of the
   * connections for itself, on which it learns of changes, unless there is a `listenUrl`: so it
   * needs at least two.
   */
  readonly pool?: PostgresPool | undefined;
  /** The schema of the tables; `kapacitor_auth` if left out. */
  readonly schema?: string | undefined;
  /**
   * A URL as in `url` of a direct line to the database, on which the store learns of changes. It is
   * needed beside a pooler that gives each transaction another connection (PgBouncer).
   */
  readonly listenUrl?: string | readonly string[] | undefined;
  /** TLS of the connections; if left out, what `sslmode` in the URL says. */
  readonly tls?: PostgresTls | undefined;
  /**
   * Logs when the line on which the store learns of changes is lost or back; silent if left out.
   */
  readonly logger?: Logger | undefined;
}

/** The checked and complete options. */
export interface PostgresSettings {
  readonly origin: PostgresOrigin;
  /** The origin of the line on which we learn of changes; undefined if it is `origin`. */
  readonly listening: PostgresOrigin | undefined;
  readonly schema: string;
  readonly tls: PostgresTls;
  readonly logger: Logger;
}

/** @throws MisuseError for options that can't work */
export function postgresSettings(options: PostgresUserStoreOptions): PostgresSettings {
  const {
    url,
    pool,
    listenUrl,
    schema = DEFAULT_SCHEMA,
    tls = {},
    logger = silentLogger,
  } = options;
  checkOrigin(options);
  const { cert = '', key = '' } = tls;
  if ((cert === '') !== (key === '')) {
    throw new MisuseError(
      'a certificate works only with its key: give both, cert and key, or neither',
    );
  }
  return {
    origin: pool === undefined ? { places: placesOf(url ?? []) } : { pool },
    listening: isGiven(listenUrl) ? { places: placesOf(listenUrl) } : undefined,
    schema: checkSchema(schema),
    tls,
    logger,
  };
}

/** @throws MisuseError unless questions can be asked, and changes heard of, at the same time */
function checkOrigin({ url, pool, listenUrl }: PostgresUserStoreOptions): void {
  if (isGiven(url) === (pool !== undefined)) {
    throw new MisuseError('a user store in PostgreSQL needs either a url or a pool');
  }
  if (pool?.options?.max === 1 && !isGiven(listenUrl)) {
    throw new MisuseError(
      'a pool of one connection is too small for a user store, which keeps one to learn of changes: ' +
        'give it two or more, or give a listenUrl',
    );
  }
}

/** The content of the files of TLS, to be read when a connection is made. */
export function tlsContext({ tls }: Pick<PostgresSettings, 'tls'>): TlsContext {
  const { ca = '', cert = '', key = '', insecureSkipVerify = false } = tls;
  return new TlsContext({ paths: { ca, cert, key }, insecureSkipVerify });
}

function placesOf(urls: string | readonly string[]): readonly DatabaseUrl[] {
  return [urls].flat().flatMap(readDatabaseUrls);
}

function isGiven(urls: PostgresUserStoreOptions['url']): urls is string | readonly string[] {
  return urls !== undefined && urls.length > 0;
}
