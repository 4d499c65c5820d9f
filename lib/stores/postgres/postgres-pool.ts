/** A question to PostgreSQL, as `query` of the package pg takes it. It never has a name. */
export interface PostgresQuestion {
  /** The statement, with `$1`, `$2` and so on for values. */
  text: string;
  /** The values of the statement. */
  values: unknown[];
  /** Each row comes as a list of its columns. */
  rowMode: 'array';
}

/** An answer of PostgreSQL, as `query` of the package pg gives it. */
export interface PostgresReply {
  /** The rows, each a list of its columns. */
  readonly rows: readonly (readonly unknown[])[];
  /** The number of rows that were found or changed; null if the statement has none. */
  readonly rowCount: number | null;
}

/** A message from another connection, as the package pg gives it. */
export interface PostgresNotification {
  /** The channel that the message came over. */
  readonly channel: string;
  /** The message; empty or left out if there is none. */
  readonly payload?: string | undefined;
}

/** A connection out of a {@link PostgresPool}; a `PoolClient` of the package pg fits. */
export interface PostgresPoolClient {
  /** Runs a statement. */
  query(question: PostgresQuestion): Promise<PostgresReply>;
  /** Calls a listener when the connection failed. */
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** Calls a listener when the connection has ended. */
  on(event: 'end', listener: () => void): unknown;
  /** Calls a listener for each message. */
  on(event: 'notification', listener: (message: PostgresNotification) => void): unknown;
  /** Gives the connection back; with an error or `true`, the pool closes it. */
  release(error?: Error | boolean): void;
  /** Lets the process end while the connection is open. */
  unref?(): void;
}

/** Connections to PostgreSQL that an app has already; a `Pool` of the package pg fits. */
export interface PostgresPool {
  /** Settings, as the package pg shows them. */
  readonly options?: {
    /** At most so many connections. */
    readonly max?: number | undefined;
  };
  /** Takes a connection, which is given back by its `release`. */
  connect(): Promise<PostgresPoolClient>;
}
