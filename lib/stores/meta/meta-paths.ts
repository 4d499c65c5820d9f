/** The longest name or password that is sent, in bytes of UTF-8. */
const MAX_BYTES = 1024;

/** The list of all roles. */
export const ROLES_PATH = '/role';

/** Where a meta node tells of its cluster. */
export const STATUS_PATH = '/status';

/** Where a meta node tells about one user. */
export function userPath(name: string): string {
  return `/user?name=${queryEscape(name)}`;
}

/** Where a meta node verifies a password. Such a path must never be logged. */
export function authorizedPath(name: string, password: string): string {
  const query = `name=${queryEscape(name)}&password=${queryEscape(password)}`;
  return `/authorized?${query}&permission=NoPermissions&resource=_`;
}

/**
 * Whether a name or password can be asked about. An empty name would ask for all users, and a directory takes an empty
 * password for an anonymous login (RFC 4513, section 5.1.2).
 */
export function isAskable(text: string): boolean {
  return text !== '' && text.isWellFormed() && Buffer.byteLength(text) <= MAX_BYTES;
}

/** Escapes a query parameter as Go's `url.QueryEscape` does: what Kapacitor sends, byte by byte. */
export function queryEscape(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
