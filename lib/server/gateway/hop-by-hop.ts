/** Fields of one connection, never passed on (RFC 9110, section 7.6.1), in lower case. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** The names of fields if `Connection` names none. */
export const NONE_NAMED: ReadonlySet<string> = new Set();

/**
 * Returns true if a field belongs to one connection, by itself or because `Connection` names it.
 */
export function isHopByHop(name: string, named: ReadonlySet<string>): boolean {
  return HOP_BY_HOP.has(name) || named.has(name);
}

/** Returns the names that `Connection` lists, in lower case. */
export function namedByConnection(connection: string | undefined): ReadonlySet<string> {
  if (connection === undefined || /^(?:keep-alive|close)$/i.test(connection)) return NONE_NAMED;
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}
