import type { Brought } from './file-users.js';
import { parseHtpasswd } from './htpasswd.js';
import { parseUserExport } from './user-export.js';

/**
 * Reads the users of an Apache htpasswd, or of a file that `users export` wrote.
 *
 * @throws Error if it is neither; the message shows no hash
 */
export function parseFileUsers(bytes: Uint8Array): Brought {
  const text = decode(bytes);
  const isExport = /^\s*[{[]/.test(text);
  const users = isExport ? parseUserExport(text) : parseHtpasswd(text);
  return { kind: isExport ? 'export' : 'htpasswd', usersFor: () => users };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error(
      'the file is not UTF-8: it is no htpasswd, no export of users and no database of Kapacitor',
    );
  }
}
