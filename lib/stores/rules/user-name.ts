import { invalidRequest } from '../../invalid-request.js';

/** The longest name of a user who is made, in bytes of UTF-8, and of one who was made by an earlier release. */
const MAX_NEW_NAME_BYTES = 255;
const MAX_NAME_BYTES = 1024;

/**
 * Checks the name of a user to be made.
 *
 * @throws InvalidRequestError with Kapacitor's text
 */
export function checkNewUserName(name: string): void {
  checkUserName(name, MAX_NEW_NAME_BYTES);
}

/**
 * Checks the name of a user who is kept (Kapacitor's rule, without the names `.` and `..` that no URL can
 * reach again).
 *
 * @throws InvalidRequestError with Kapacitor's text
 */
export function checkUserName(name: string, longest: number = MAX_NAME_BYTES): void {
  if (name === '') {
    throw invalidRequest('username is required');
  }
  if (Buffer.byteLength(name) > longest) {
    throw invalidRequest(`username must not be longer than ${String(longest)} bytes`);
  }
  if (!/^[\p{L}0-9\-._@]+$/u.test(name) || name === '.' || name === '..') {
    throw invalidRequest(
      `username must contain only letters, numbers, '-', '.', '@' and '_'. ${JSON.stringify(name)}`,
    );
  }
}
