import { connect } from 'node:net';

/** Milliseconds that the server may take to hear of it. */
const PATIENCE = 2_000;

/** The number that asks for this, in place of the version of the protocol. */
const CANCEL_REQUEST = 80_877_102;

/**
 * Tells the server that nobody waits any more for the statement of a connection. It would not
 * notice before its answer, so each statement that waits for a lock would go on to use up one of
 * its connections. Nothing is told on a connection that is not one of the package pg.
 *
 * The message is PostgreSQL's CancelRequest
 * (https://www.postgresql.org/docs/current/protocol-message-formats.html).
 */
export function cancelStatement(client: object): void {
  const host: unknown = Reflect.get(client, 'host');
  const numbers = ['port', 'processID', 'secretKey'].map((name) => numberIn(client, name));
  const [port, processID, secretKey] = numbers;
  if (typeof host !== 'string') return;
  if (port === undefined || processID === undefined || secretKey === undefined) return;
  const message = Buffer.alloc(16);
  [message.length, CANCEL_REQUEST, processID, secretKey].forEach((number, index) =>
    message.writeInt32BE(number, 4 * index),
  );
  const isFolder = host.startsWith('/');
  const place = isFolder ? { path: `${host}/.s.PGSQL.${String(port)}` } : { host, port };
  const socket = connect(place).unref();
  socket.setTimeout(PATIENCE, () => socket.destroy());
  // What can't be told ends with the statement.
  socket.on('error', () => undefined);
  socket.end(message);
}

function numberIn(client: object, name: string): number | undefined {
  const value: unknown = Reflect.get(client, name);
  return typeof value === 'number' ? value : undefined;
}
