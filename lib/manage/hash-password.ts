import { hash } from 'bcrypt';
import { MisuseError } from '../errors.js';
import { checkPassword } from '../stores/rules/password-policy.js';

/**
 * Makes a bcrypt hash (`$2b$`) of a password, for users that are written by hand or kept elsewhere.
 *
 * @param password - 1 to 72 bytes of UTF-8
 * @param cost - 4 to 30; each step doubles the work, here and at each login
 * @throws InvalidRequestError if the password can't be used; MisuseError for another cost
 */
export async function hashPassword(password: string, cost: number): Promise<string> {
  if (!Number.isInteger(cost) || cost < 4 || cost > 30) {
    throw new MisuseError(`the cost of a hash is a whole number from 4 to 30`);
  }
  checkPassword(password);
  return hash(password, cost);
}
