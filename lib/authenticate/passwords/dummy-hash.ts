import { randomBytes } from 'node:crypto';

const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Makes a valid bcrypt hash of no known password, for work that must cost as much as a real
 * comparison. Salt and digest are random. The caller takes a comparison with it for false, even if
 * it should be true.
 *
 * @param cost - 4 to 31
 */
export function dummyHash(cost: number): string {
  const letters = Array.from(randomBytes(53), (byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return `$2b$${String(cost).padStart(2, '0')}$${letters.join('')}`;
}
