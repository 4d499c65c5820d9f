import { InvalidRequestError } from './errors.js';

/** An input that can't be used as it is, with what is wrong with it: 400. */
export function invalidRequest(problem: string): InvalidRequestError {
  return new InvalidRequestError('ERR_KAUTH_INVALID_REQUEST', problem);
}
