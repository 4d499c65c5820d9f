import type { ConnectionOptions } from 'node:tls';
import type * as Pg from 'pg';
import type { DatabaseUrl } from '../../database-urls.js';
import { withDeadline } from '../../deadline.js';
import { loadPg } from './load-pg.js';
import { noAnswer, PostgresFailure } from './postgres-failure.js';
import type { PostgresPool } from './postgres-pool.js';

/** Milliseconds that a connection may take to be made, TLS and login included. */
const CONNECT = 1_000;

/** Milliseconds for which a connection is kept that nobody uses. */
const IDLE = 30_000;

/** Milliseconds that the server has to end connections in good order. */
const GOODBYE = 500;

/** A pool of our own, which can be closed at once. */
export interface OwnPool extends PostgresPool {
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** Closes all connections, also those in use, and those on which nobody answers. */
  close(): Promise<void>;
}

/** Options of a pool. */
export interface OwnPoolOptions {
  readonly place: DatabaseUrl;
  readonly most: number;
  /** Undefined for connections without TLS. */
  readonly tls: ConnectionOptions | undefined;
}

/**
 * Makes a pool of connections to the primary; it connects to nothing yet.
 *
 * @throws StoreUnavailableError if pg is not installed
 */
export function ownPool({ place, most, tls }: OwnPoolOptions): OwnPool {
  const { Client, Pool } = loadPg();
  const { host, port, user, password, database } = place;
  const clients = new Set<Pg.Client>();

  /** The pool's own time limit for connections leaks them, that of a client does not. */
  class BoundedClient extends Client {
    constructor(config?: Pg.ClientConfig) {
      // The pool hides the password from copies of its settings.
      super({ ...config, password, connectionTimeoutMillis: CONNECT });
      clients.add(this);
      // Whoever uses the connection learns of it from the statement that fails.
      this.on('error', () => undefined);
      this.connection.once('end', () => clients.delete(this));
      // A login that fails on our side, for want of a password, leaves the connection open.
      this.connection.once('error', () => this.connection.stream.destroy());
    }
  }

  const pool = new Pool({
    host,
    port,
    user,
    password,
    database,
    ssl: tls ?? false,
    max: most,
    idleTimeoutMillis: IDLE,
    allowExitOnIdle: true,
    keepAlive: true,
    application_name: 'kapacitor-auth',
    Client: BoundedClient,
    verify: (client, done) => {
      mustBePrimary(client).then(() => {
        done();
      }, done);
    },
  });
  const close = async (): Promise<void> => {
    const ended = pool.end();
    const timer = setTimeout(() => {
      for (const { connection } of clients) connection.stream.destroy();
    }, GOODBYE);
    await ended;
    clearTimeout(timer);
  };
  return Object.assign(pool, { close });
}

async function mustBePrimary(client: Pg.ClientBase): Promise<void> {
  const asked = client.query<[boolean]>({ text: 'SELECT pg_is_in_recovery()', rowMode: 'array' });
  const { rows } = await withDeadline(asked, CONNECT, () => noAnswer(CONNECT));
  if (rows[0]?.[0] !== false) {
    throw new PostgresFailure(
      'connection',
      'is a standby that can only be read: name the primary in store.url',
    );
  }
}
