import { invalidRequest } from '../../invalid-request.js';

/** bcrypt reads no further (and its library cuts off without a word). */
const MAX_PASSWORD_BYTES = 72;

/** Whether bcrypt would ignore a part of the password. */
export function isTooLong(password: string): boolean {
  return Buffer.byteLength(password) > MAX_PASSWORD_BYTES;
}

/**
 * Checks a password to be set.
 *
 * @throws InvalidRequestError when it is empty, longer than 72 bytes of UTF-8, or could never be sent (RFC 7617 bars
 * control characters)
 */
export function checkPassword(password: string): void {
  if (password === '') throw invalidRequest('password is required');
  if (isTooLong(password)) {
    throw invalidRequest(
      `password must not be longer than ${String(MAX_PASSWORD_BYTES)} bytes: bcrypt would ignore the rest`,
    );
  }
  if (/\p{Cc}/u.test(password) || !password.isWellFormed()) {
    throw invalidRequest('password must not contain control characters or broken Unicode');
  }
}
