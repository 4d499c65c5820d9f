import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

type Connector = buildConnector.connector;

const CONTINUE = 'HTTP/1.1 100 ';
const HEAD_END = '\r\n\r\n';

/** Longest `100 Continue` that is waited for, in bytes. */
const MAX_HEAD = 16_384;

/**
 * Drops a `100 Continue` that an upstream sends unasked before its answer. A client may ignore it
 * (RFC 9110, section 15.2), but undici reports an error.
 */
export function skippingContinue(connect: Connector): Connector {
  return (options, callback) => {
    connect(options, (...outcome) => {
      if (outcome[0] === null) skipContinue(outcome[1]);
      callback(...outcome);
    });
  };
}

/**
 * Relies on undici, which writes the head of a request as text, sends one request at a time, and
 * reads by `read()`.
 */
function skipContinue(socket: Socket): void {
  let isAtStart = false;
  let held: Buffer | undefined;
  const read = socket.read.bind(socket);
  const write = socket.write.bind(socket);
  const notingStart = (...words: readonly unknown[]): unknown => {
    const [chunk] = words;
    if (typeof chunk === 'string' && chunk.includes(' HTTP/1.1\r\n')) isAtStart = true;
    return Reflect.apply(write, undefined, words);
  };
  // A plain function: to call a Proxy costs ten times as much, at each request.
  Object.defineProperty(socket, 'write', { value: notingStart, writable: true });
  socket.read = (size?: number): unknown => {
    for (;;) {
      const chunk: unknown = read(size);
      if (!isAtStart || !Buffer.isBuffer(chunk)) return chunk;
      if (held === undefined && isOtherStatus(chunk)) {
        isAtStart = false;
        return chunk;
      }
      const rest = withoutContinue(held === undefined ? chunk : Buffer.concat([held, chunk]));
      held = rest.isWhole ? undefined : rest.bytes;
      isAtStart = !rest.isWhole;
      if (rest.isWhole) return rest.bytes;
    }
  };
}

/** Place of the first digit of a status, and the one of `100 Continue`, as a byte. */
const STATUS_AT = 9;
const ONE = 0x31;

/** Returns true for nearly all answers: they are told by one byte. */
function isOtherStatus(bytes: Buffer): boolean {
  return bytes.length > STATUS_AT && bytes[STATUS_AT] !== ONE;
}

interface Rest {
  readonly bytes: Buffer;
  /** True if the answer begins here; false if more must be read to decide. */
  readonly isWhole: boolean;
}

function withoutContinue(bytes: Buffer): Rest {
  let rest = bytes;
  for (;;) {
    const head = rest.toString('latin1', 0, CONTINUE.length);
    if (CONTINUE.startsWith(head) && head !== CONTINUE) return { bytes: rest, isWhole: false };
    if (!/^HTTP\/1\.1 100[ \r]$/.test(head)) return { bytes: rest, isWhole: true };
    const end = rest.indexOf(HEAD_END);
    if (end === -1) return { bytes: rest, isWhole: rest.length > MAX_HEAD };
    rest = rest.subarray(end + HEAD_END.length);
  }
}
