import { invalidRequest } from '../../invalid-request.js';

/** bcrypt reads no more bytes, and its library cuts off the rest without notice. */
const MAX_PASSWORD_BYTES = 72;

/** Returns true if bcrypt would ignore a part of the password. */
export function isTooLong(password: string): boolean {
  return Buffer.byteLength(password) > MAX_PASSWORD_BYTES;
}

/**
 * Checks a new password.
 *
 * @throws InvalidRequestError if it is empty, longer than 72 bytes of UTF-8, or could never be sent
 *   (RFC 7617 forbids control characters)
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
