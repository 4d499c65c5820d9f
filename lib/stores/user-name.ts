import { InvalidRequestError } from '../errors.js';

/** The longest name, in bytes of UTF-8. */
const MAX_NAME_BYTES = 1024;

/**
 * Checks the name of a user to be kept (Kapacitor's rule, without the names `.` and `..` that no URL can
 * reach again).
 *
 * @throws InvalidRequestError with Kapacitor's text
 */
export function checkUserName(name: string): void {
  if (name === '') {
    throw new InvalidRequestError('ERR_KAUTH_INVALID_REQUEST', 'username is required');
  }
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw new InvalidRequestError(
      'ERR_KAUTH_INVALID_REQUEST',
      `username must not be longer than ${String(MAX_NAME_BYTES)} bytes`,
    );
  }
  if (!/^[\p{L}0-9\-._@]+$/u.test(name) || name === '.' || name === '..') {
    throw new InvalidRequestError(
      'ERR_KAUTH_INVALID_REQUEST',
      `username must contain only letters, numbers, '-', '.', '@' and '_'. ${JSON.stringify(name)}`,
    );
  }
}
