import { isNativeError } from 'node:util/types';
import { StoreUnavailableError } from '../../errors.js';

/**
 * The cause of a failure. `connection`: the database can't be reached, or the connection was lost.
 * `slow`: no answer in time. `answer`: it answers, but not with what was asked for.
 */
export type PostgresFailureKind = 'connection' | 'slow' | 'answer';

/** Classes of SQLSTATE, and single ones, after which a connection is of no use. */
const CONNECTION = /^(?:08|28|3D000|53300|57P|25006)/;
const SLOW = /^(?:57014|55P03|25P03|25P04)/;

/**
 * Problem and remedy, by SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html).
 */
const EXPLANATIONS: ReadonlyMap<string, string> = new Map([
  ['25006', 'is a standby that can only be read: name the primary in store.url'],
  ['28P01', 'refuses the user or the password of store.url'],
  ['28000', 'refuses the user of store.url: see pg_hba.conf of the server'],
  ['3D000', 'does not exist: create it, or set store.url'],
  [
    '3F000',
    'has no such schema: set store.schema, or create it with what "kapacitor-auth store sql" prints',
  ],
  ['42P07', 'has a table of this name already: set store.schema'],
  ['42P01', 'lacks tables of ours: create them with what "kapacitor-auth store sql" prints'],
  [
    '42501',
    'lets our role do too little: let the owner run what "kapacitor-auth store sql --role ROLE" prints',
  ],
  ['53100', "can't be written: its disk is full"],
  ['53300', 'has too many connections already: raise max_connections, or use a pooler'],
]);

/** Problem and remedy, by a text of pg or of the server that has no SQLSTATE of its own. */
const EXPLAINED_TEXTS: readonly (readonly [text: RegExp, explanation: string])[] = [
  [
    /client password must be a/,
    'asks for a password, and there is none: put it in store.url, PGPASSWORD or ~/.pgpass',
  ],
  [/no PostgreSQL user name specified/, "can't be asked: store.url names no user"],
];

/**
 * PostgreSQL gave no usable answer. The message completes "the user database X …". It holds nothing
 * of a row: only the server's short text goes on, not its details. For the same reason there is no
 * `cause`.
 */
export class PostgresFailure extends Error {
  readonly kind: PostgresFailureKind;

  constructor(kind: PostgresFailureKind, message: string) {
    super(message);
    this.name = 'PostgresFailure';
    this.kind = kind;
  }

  /** Turns an error of pg, of the network or of TLS into a failure. */
  static from(error: unknown): PostgresFailure {
    if (error instanceof PostgresFailure) return error;
    if (!isNativeError(error)) return new PostgresFailure('connection', 'failed');
    const text = error.message === '' && 'code' in error ? String(error.code) : error.message;
    const [, explained] = EXPLAINED_TEXTS.find(([pattern]) => pattern.test(text)) ?? [];
    if (explained !== undefined) return new PostgresFailure('connection', explained);
    const state = sqlState(error);
    if (state === undefined) return new PostgresFailure('connection', `can't be reached: ${text}`);
    const explanation = EXPLANATIONS.get(state);
    const told =
      explanation === undefined ? `failed: ${text} (${state})` : `${explanation} (${text})`;
    return new PostgresFailure(kindOf(state), told);
  }
}

/** Makes the failure of a question that was given up. @param within - milliseconds it had */
export function noAnswer(within: number): PostgresFailure {
  return new PostgresFailure('slow', `gave no answer within ${String(within)} ms`);
}

/** Makes the failure to get a connection of the app's. @param within - milliseconds waited */
export function noConnection(within: number): PostgresFailure {
  return new PostgresFailure(
    'slow',
    `gave no connection within ${String(within)} ms: the pool may be too small, as one of its connections is kept ` +
      'to learn of changes unless there is a listenUrl',
  );
}

/** Makes the error that callers see. @param shown - the database, without user and password */
export function unavailable(shown: string, failure: PostgresFailure): StoreUnavailableError {
  return new StoreUnavailableError(`the user database ${shown} ${failure.message}`, {
    answered: failure.kind === 'answer',
  });
}

function kindOf(state: string): PostgresFailureKind {
  if (CONNECTION.test(state)) return 'connection';
  return SLOW.test(state) ? 'slow' : 'answer';
}

/** The server's five-character code; undefined for an error that is not the server's. */
function sqlState(error: Error): string | undefined {
  const isOfServer = 'severity' in error && 'code' in error && typeof error.code === 'string';
  return isOfServer ? String(error.code) : undefined;
}
