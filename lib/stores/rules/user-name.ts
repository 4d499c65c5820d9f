import { invalidRequest } from '../../invalid-request.js';

/**
 * The longest name of a new user, and of a user that an earlier release made, in bytes of UTF-8.
 */
const MAX_NEW_NAME_BYTES = 255;
const MAX_NAME_BYTES = 1024;

/** Checks the name of a new user. @throws InvalidRequestError with Kapacitor's text */
export function checkNewUserName(name: string): void {
  checkUserName(name, MAX_NEW_NAME_BYTES);
}

/**
 * Checks the name of an existing user by Kapacitor's rule, and refuses the names `.` and `..`,
 * which no URL can reach.
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
