import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream';
import { InvalidRequestError } from '../errors.js';
import { invalidRequest } from '../invalid-request.js';

/** Bytes that a body may have unless its reader says otherwise. */
const MAX_BYTES = 16 * 1024;

/**
 * Reads the body of a request.
 *
 * @param most - bytes that it may have; 16 KiB if left out
 * @throws InvalidRequestError if it is longer, or ends early
 */
export async function readBody(
  request: IncomingMessage,
  most: number = MAX_BYTES,
): Promise<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > most) {
    request.resume();
    throw tooLarge(most);
  }
  const chunks = await new Promise<readonly Buffer[]>((resolve, reject) => {
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
  return Buffer.concat(chunks);
}

function tooLarge(most: number): InvalidRequestError {
  return new InvalidRequestError(
    'ERR_KAUTH_BODY_TOO_LARGE',
    `the body is longer than ${String(most)} bytes`,
  );
}
