/** A question to PostgreSQL, as `query` of the package pg takes it. It never has a name. */
export interface PostgresQuestion {
  text: string;
  values: unknown[];
  rowMode: 'array';
}

/** An answer of PostgreSQL, as `query` of the package pg gives it. */
export interface PostgresReply {
  readonly rows: readonly (readonly unknown[])[];
  readonly rowCount: number | null;
}

/** A message from another connection, as the package pg gives it. */
export interface PostgresNotification {
  readonly channel: string;
  readonly payload?: string | undefined;
}

/** A connection out of a {@link PostgresPool}; a `PoolClient` of the package pg fits. */
export interface PostgresPoolClient {
  query(question: PostgresQuestion): Promise<PostgresReply>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
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
  connect(): Promise<PostgresPoolClient>;
}
