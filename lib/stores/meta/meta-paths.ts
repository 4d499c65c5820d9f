/** The longest name or password that is sent, in bytes of UTF-8. */
const MAX_BYTES = 1024;

/** The path of the list of all roles. */
export const ROLES_PATH = '/role';

/** The path of a node's answer about its cluster. */
export const STATUS_PATH = '/status';

/** The path of a node's answer about one user. */
export function userPath(name: string): string {
  return `/user?name=${queryEscape(name)}`;
}

/** The path by which a node verifies a password. It must never be logged. */
export function authorizedPath(name: string, password: string): string {
  const query = `name=${queryEscape(name)}&password=${queryEscape(password)}`;
  return `/authorized?${query}&permission=NoPermissions&resource=_`;
}

/**
 * Returns true if a node can be asked about a name or password. An empty name would ask for all
 * users, and a directory takes an empty password for an anonymous login (RFC 4513, section 5.1.2).
 */
export function isAskable(text: string): boolean {
  return text !== '' && text.isWellFormed() && Buffer.byteLength(text) <= MAX_BYTES;
}

/** Escapes a query parameter as Go's `url.QueryEscape` does: byte by byte what Kapacitor sends. */
export function queryEscape(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
