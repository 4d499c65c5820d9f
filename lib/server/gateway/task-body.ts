import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream';
import { InvalidRequestError, outermostKeys, OverloadedError } from '../../index.js';
import { isRecord } from '../../is-record.js';

/** Bytes that a body may have that names a task. */
const MAX_BYTES = 1024 * 1024;

/** So many bodies are read at once. */
const MOST_AT_ONCE = 64;

/** So many of them are of one user: who sends slowly must not keep others from their tasks. */
const MOST_OF_ONE = 16;

/** The strings and the numbers of a JSON text. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;

/** The body of a request that creates or changes a task. */
export interface TaskBody {
  /** The id in it; undefined if there is none. */
  readonly id: string | undefined;
  /** The same document, as it can be read in one way only. */
  readonly bytes: Buffer;
}

/** Reads bodies that name a task, a bounded number at once, and of each user. */
export class TaskBodies {
  #reading = 0;
  /** The bodies that are being read, by the users who send them. */
  readonly #byUser = new Map<string, number>();

  /**
   * @param user - the name of the one who sends it
   * @throws InvalidRequestError if it is too large, or no JSON object that can be read in one way
   *   only; OverloadedError if too many are being read
   */
  async read(request: IncomingMessage, user: string): Promise<TaskBody> {
    const ofUser = this.#byUser.get(user) ?? 0;
    if (this.#reading >= MOST_AT_ONCE || ofUser >= MOST_OF_ONE) {
      throw new OverloadedError('too many tasks are being changed at once: try again');
    }
    this.#reading += 1;
    this.#byUser.set(user, ofUser + 1);
    try {
      return parseTaskBody(await readBytes(request));
    } finally {
      this.#reading -= 1;
      this.#leave(user);
    }
  }

  #leave(user: string): void {
    const left = (this.#byUser.get(user) ?? 1) - 1;
    if (left === 0) this.#byUser.delete(user);
    else this.#byUser.set(user, left);
  }
}

/** @throws InvalidRequestError */
export function parseTaskBody(bytes: Uint8Array): TaskBody {
  const text = decode(bytes);
  const document = parse(text);
  if (!isRecord(document)) throw invalid('invalid JSON: the body must be an object');
  checkKeys(text);
  checkNumbers(text);
  const id = document['id'] ?? '';
  if (typeof id !== 'string') throw invalid('id must be a string');
  return { id: id === '' ? undefined : id, bytes: serialize(document) };
}

/** Refuses keys by which another program may read another id. */
function checkKeys(text: string): void {
  const seen = new Set<string>();
  for (const key of outermostKeys(text)) {
    if (seen.has(key)) throw invalid(`the key ${JSON.stringify(key)} is given twice`);
    // Go takes "ID" for "id".
    if (key !== 'id' && /^id$/iu.test(key)) throw invalid(`write ${JSON.stringify(key)} as "id"`);
    seen.add(key);
  }
}

/** Refuses numbers that would not be passed on as they came. */
function checkNumbers(text: string): void {
  for (const [token] of text.matchAll(TOKENS)) {
    if (token.startsWith('"') || isKept(token)) continue;
    throw invalid(`the number ${token.slice(0, 40)} is too large`);
  }
}

/** Returns true if a number is still the same once it is written again. */
function isKept(number: string): boolean {
  const value = Number(number);
  return /^-?\d+$/.test(number) ? Number.isSafeInteger(value) : Number.isFinite(value);
}

function serialize(document: object): Buffer {
  try {
    return Buffer.from(JSON.stringify(document));
  } catch {
    throw invalid('invalid JSON: it is too deep');
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid('invalid JSON: the body is not UTF-8');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('invalid JSON');
  }
}

function readBytes(request: IncomingMessage): Promise<Buffer> {
  const { 'content-length': length = '0', 'content-encoding': coding = 'identity' } =
    request.headers;
  if (coding.toLowerCase() !== 'identity') throw invalid('send the body without Content-Encoding');
  if (Number(length) > MAX_BYTES) throw tooLarge();
  return new Promise((resolve, reject) => {
    let read: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BYTES) read.push(chunk);
      else {
        read = [];
        reject(tooLarge());
      }
    });
    finished(request, { writable: false }, (error) => {
      if (error) reject(invalid('the body ended early'));
      else resolve(Buffer.concat(read));
    });
  });
}

function invalid(problem: string): InvalidRequestError {
  return new InvalidRequestError('ERR_KAUTH_INVALID_REQUEST', problem);
}

function tooLarge(): InvalidRequestError {
  return new InvalidRequestError(
    'ERR_KAUTH_BODY_TOO_LARGE',
    `a task is larger than ${String(MAX_BYTES)} bytes`,
  );
}
