import type { ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Node's error for bytes that are not a request. */
export interface UnreadableError extends Error {
  readonly code?: string;
  /** The bytes received. */
  readonly rawPacket?: Buffer;
  /** Number of these bytes that the parser understood. */
  readonly bytesParsed?: number;
}

/** The log entry of a request that could not be read. */
export interface Unreadable {
  readonly status: number;
  /** The parser's code, such as `HPE_INVALID_URL`. */
  readonly code: string | undefined;
  /** Set, as the target is, if the request line could be read. */
  readonly method: string | undefined;
  readonly target: string | undefined;
}

const STATUSES: ReadonlyMap<string, number> = new Map([
  ['HPE_HEADER_OVERFLOW', 431],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
]);

const INVALID_URL = 'HPE_INVALID_URL';

/**
 * Answers a request that Node's parser can't read, and ends its connection. That includes a target
 * with bytes beyond ASCII, such as `größe`: no option of Node lets it through (RFC 3986 allows
 * none).
 *
 * @param pending - the response to the oldest unanswered request of the connection
 * @returns the log entry; undefined if there is nothing to log
 */
export function answerUnreadable(
  error: UnreadableError,
  socket: Duplex,
  pending: ServerResponse | undefined,
): Unreadable | undefined {
  const { code } = error;
  // After "Connection: close" further bytes don't count; the running answer ends the connection.
  if (code === 'HPE_CLOSED_CONNECTION' && pending !== undefined) return undefined;
  if (!socket.writable || code === 'ECONNRESET' || pending?.headersSent === true) {
    socket.destroy();
    return undefined;
  }
  const status = STATUSES.get(code ?? '') ?? 400;
  socket.end(answer(status, code), () => socket.destroy());
  return status === 408 ? undefined : { status, code, ...requestLine(error) };
}

function answer(status: number, code: string | undefined): string {
  const text =
    code === INVALID_URL
      ? 'the request target holds bytes that must be percent-encoded, such as %C3%B6'
      : `the request can't be read: ${STATUS_CODES[status] ?? ''}`;
  const body = JSON.stringify({ error: text, message: text });
  return [
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${String(body.length)}`,
    'Cache-Control: no-store',
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

/**
 * Reads the faulty request line if all of it is there. Other bytes may belong to a body and are
 * never logged.
 */
function requestLine(error: UnreadableError): Pick<Unreadable, 'method' | 'target'> {
  const { code, rawPacket, bytesParsed = 0 } = error;
  if (code !== INVALID_URL || rawPacket === undefined) return NOTHING;
  const start = rawPacket.lastIndexOf('\n', bytesParsed) + 1;
  const line = rawPacket.toString('utf8', start, rawPacket.indexOf('\r', bytesParsed));
  const [, method, target] = /^([A-Z]+) (\S+) HTTP\//.exec(line) ?? [];
  return { method, target };
}

const NOTHING = { method: undefined, target: undefined };
