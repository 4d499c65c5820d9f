import { isNativeError } from 'node:util/types';

/**
 * The text of an error of the network or of a file. Such texts hold no path of a request and
 * nothing of a response. Other properties of the error may, so only the text goes on.
 */
export function reasonOf(error: unknown): string {
  if (!isNativeError(error)) return 'unknown error';
  if (error.message !== '') return error.message;
  // An attempt at several addresses of a host fails with only a code.
  return 'code' in error ? String(error.code) : error.name;
}
