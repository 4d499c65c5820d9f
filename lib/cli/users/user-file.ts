import type { FileUsers } from './file-users.js';
import { parseHtpasswd } from './htpasswd.js';
import { parseUserExport } from './user-export.js';

/**
 * Reads the users of an Apache htpasswd, or of a file that `users export` wrote.
 *
 * @throws Error if it is neither; the message shows no hash
 */
export function parseFileUsers(bytes: Uint8Array): FileUsers {
  const text = decode(bytes);
  return /^\s*[{[]/.test(text) ? parseUserExport(text) : parseHtpasswd(text);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('the file is not UTF-8');
  }
}
