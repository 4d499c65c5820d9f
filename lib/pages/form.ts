import type { Request } from 'express';
import { MisuseError } from '../errors.js';
import { readBody } from '../express/read-body.js';
import { invalidRequest } from '../invalid-request.js';

/**
 * The longest form of a user who is logged in, in bytes: all grants that the users API takes,
 * though each byte of them may be three in a form.
 */
export const LONGEST_FORM: number = 64 * 1024;

/**
 * Reads a form (`application/x-www-form-urlencoded`), also one that `express.urlencoded()` read
 * before.
 *
 * @param most - bytes that it may have; 16 KiB if left out
 * @throws InvalidRequestError; MisuseError if a middleware read the body and kept nothing
 */
export async function readForm(request: Request, most?: number): Promise<URLSearchParams> {
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(request.headers['content-type'] ?? ''))
    throw invalidRequest('the body must be a form: application/x-www-form-urlencoded');
  return request.readableDidRead
    ? parsedBefore(request.body)
    : parse(await readBody(request, most));
}

function parse(bytes: Uint8Array): URLSearchParams {
  try {
    return new URLSearchParams(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw invalidRequest('the form is not UTF-8');
  }
}

function parsedBefore(body: unknown): URLSearchParams {
  if (typeof body !== 'object' || body === null) {
    throw new MisuseError(
      'a middleware read the form and kept nothing: put adminPages() before it',
    );
  }
  const form = new URLSearchParams();
  for (const [name, given] of Object.entries(body)) {
    const values: readonly unknown[] = Array.isArray(given) ? given : [given];
    for (const value of values) if (typeof value === 'string') form.append(name, value);
  }
  return form;
}
