import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

type Connector = buildConnector.connector;

const HEAD_END = '\r\n\r\n';

/** Longest head of a status before the answer that is waited for, in bytes. */
const MAX_HEAD = 16_384;

/**
 * Drops a `100 Continue` that an upstream sends unasked before its answer. A client may ignore it
 * (RFC 9110, section 15.2), but undici reports an error. Others, as `103 Early Hints`, are left to
 * undici.
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
  let held: Buffer = NOTHING;
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
      if (held.length === 0 && isOtherStatus(chunk)) {
        isAtStart = false;
        return chunk;
      }
      const sorted = sortInterim(held.length === 0 ? chunk : Buffer.concat([held, chunk]));
      isAtStart = sorted.held !== undefined;
      held = sorted.held ?? NOTHING;
      if (sorted.passed.length > 0) return sorted.passed;
    }
  };
}

const NOTHING = Buffer.alloc(0);

/** Place of the first digit of a status, and the one of `100 Continue`, as a byte. */
const STATUS_AT = 9;
const ONE = 0x31;

/** Returns true for nearly all answers: they are told by one byte. */
function isOtherStatus(bytes: Buffer): boolean {
  return bytes.length > STATUS_AT && bytes[STATUS_AT] !== ONE;
}

interface Sorted {
  /** For undici, now. */
  readonly passed: Buffer;
  /** Undecided until more is read; undefined once the answer itself has begun. */
  readonly held: Buffer | undefined;
}

/** @param bytes - what came before the answer, from the beginning of a status line */
function sortInterim(bytes: Buffer): Sorted {
  const passed: Buffer[] = [];
  let rest = bytes;
  for (;;) {
    const line = rest.toString('latin1', 0, LINE);
    if (BEGUN.startsWith(line) || HALF.test(line)) return { passed: joined(passed), held: rest };
    const end = rest.indexOf(HEAD_END);
    if (!INTERIM.test(line) || (end === -1 && rest.length > MAX_HEAD)) {
      return { passed: joined([...passed, rest]), held: undefined };
    }
    if (end === -1) return { passed: joined(passed), held: rest };
    if (!line.startsWith(CONTINUE)) passed.push(rest.subarray(0, end + HEAD_END.length));
    rest = rest.subarray(end + HEAD_END.length);
  }
}

function joined(parts: readonly Buffer[]): Buffer {
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
}

/** Characters that tell a status. */
const LINE = 13;
const BEGUN = 'HTTP/1.1 1';
const HALF = /^HTTP\/1\.1 1\d{0,2}$/;

/** Another status may follow these. After a 101 it is another protocol. */
const INTERIM = /^HTTP\/1\.1 1(?!01)\d\d[ \r]$/;
const CONTINUE = 'HTTP/1.1 100';
