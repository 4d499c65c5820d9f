import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream';
import { withDeadline } from '../deadline.js';
import { InvalidRequestError } from '../errors.js';
import { invalidRequest } from '../invalid-request.js';

/** Bytes that a body may have unless its reader says otherwise. */
const MAX_BYTES = 16 * 1024;

/** Milliseconds that a body may take: who sent the head may have lost the right to it since. */
const DEADLINE = 30_000;

/**
 * Reads the body of a request, within 30 s.
 *
 * @param most - bytes that it may have; 16 KiB if left out
 * @throws InvalidRequestError if it is longer, takes longer, or ends early
 */
export async function readBody(
  request: Readable & Pick<IncomingMessage, 'headers'>,
  most: number = MAX_BYTES,
): Promise<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > most) {
    request.resume();
    throw tooLarge(most);
  }
  const chunks = new Promise<readonly Buffer[]>((resolve, reject) => {
    const read: Buffer[] = [];
    let size = 0;
    // Reads and drops the rest of a body that is too long: a client that is still sending would
    // miss the answer.
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > most) reject(tooLarge(most));
      else read.push(chunk);
    });
    finished(request, (error) => {
      if (error) reject(invalidRequest('the body ended early'));
      else resolve(read);
    });
  });
  return Buffer.concat(await withDeadline(chunks, DEADLINE, tooSlow));
}

function tooLarge(most: number): InvalidRequestError {
  return new InvalidRequestError(
    'ERR_KAUTH_BODY_TOO_LARGE',
    `the body is longer than ${String(most)} bytes`,
  );
}

function tooSlow(): InvalidRequestError {
  return invalidRequest('the body took longer than 30 s');
}
