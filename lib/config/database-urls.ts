import type { ValueType } from './value-type.js';
import { textual } from './value-type.js';

const URL_FORM =
  /^postgres(?:ql)?:\/\/(?:(?<user>[^@/?#\s]*)@)?(?<hosts>[^@/?#\s]*)(?<rest>(?:\/[^/?#\s]*)?(?:\?[^#\s]*)?)$/i;

/** The place where one URL ends and the next one begins; a password may hold a comma. */
const BETWEEN = /\s*,\s*(?=postgres(?:ql)?:\/\/)/i;

/**
 * The only parameters: the client reads files that others name. PostgreSQL's modes between these
 * are refused, since they let anybody in between pose as the database.
 */
const PARAMETERS = /^(?:\?sslmode=(?:disable|require|verify-ca|verify-full))?$/;

/** One or more URLs of a PostgreSQL database. The configuration holds one URL for each host. */
export const databaseUrls: ValueType<string> = textual(
  'URL, ...',
  'postgres://user:password@host:port/database, with special characters of name and password as %40, several separated by commas, without parameters but sslmode=disable, require, verify-ca or verify-full (store.use-tls is the same); or nothing at all',
  (text) => parseDatabaseUrls(text)?.join(','),
);

/** Returns true if URLs ask for TLS, as `store.use-tls` does. */
export function asksForTls(urls: string): boolean {
  return /\?sslmode=(?:require|verify)/.test(urls);
}

/**
 * Reads URLs of a PostgreSQL database: several separated by commas, or one that names several hosts
 * (`postgres://amy@one:5432,two:5432/users`).
 *
 * @returns a URL for each host, none of them with a comma; undefined if any is not accepted
 */
function parseDatabaseUrls(text: string): readonly string[] | undefined {
  if (text === '') return [];
  const urls = text.split(BETWEEN).flatMap(hostUrls);
  return urls.includes(undefined) ? undefined : urls.filter((url) => url !== undefined);
}

function hostUrls(text: string): readonly (string | undefined)[] {
  const parts = URL_FORM.exec(text)?.groups;
  if (parts === undefined) return [undefined];
  const { user, hosts = '', rest = '' } = parts;
  return hosts.split(',').map((host) => {
    const credentials = user === undefined ? '' : `${user}@`;
    const url = `postgres://${credentials}${host}${rest}`.replaceAll(',', '%2C');
    return isDatabaseUrl(url) ? url : undefined;
  });
}

function isDatabaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password, hostname, pathname, search } = new URL(text);
  const parts = [username, password, hostname, pathname];
  return hostname !== '' && parts.every(isDecodable) && PARAMETERS.test(search);
}

function isDecodable(text: string): boolean {
  try {
    return !decodeURIComponent(text).includes('\0');
  } catch {
    return false;
  }
}
