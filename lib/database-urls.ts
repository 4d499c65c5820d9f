import { MisuseError } from './errors.js';

/** A server of PostgreSQL and the database on it. Only host, port and database may be shown. */
export interface DatabaseUrl {
  /** The URL of this server alone. It has no comma. */
  readonly href: string;
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  /** True if the URL asks for TLS. */
  readonly useTls: boolean;
}

const URL_FORM =
  /^postgres(?:ql)?:\/\/(?:(?<user>[^@/?#\s]*)@)?(?<hosts>[^@/?#\s]*)(?<rest>(?:\/[^/?#\s]*)?(?:\?[^#\s]*)?)$/i;

/** The place where one URL ends and the next one begins; a password may hold a comma. */
const BETWEEN = /\s*,\s*(?=postgres(?:ql)?:\/\/)/i;

const PORT = 5432;

/**
 * The meaning of `sslmode`, the only parameter: the client reads files that others name. With TLS,
 * a certificate is always checked; PostgreSQL's other modes let anybody in between pose as the
 * database.
 */
const SSL_MODES: ReadonlyMap<string, boolean> = new Map([
  ['disable', false],
  ['require', true],
  ['verify-ca', true],
  ['verify-full', true],
]);

/**
 * Reads URLs of a PostgreSQL database: several separated by commas, or one that names several hosts
 * (`postgres://amy@one:5432,two:5432/users`). The text of an error never holds any part of a URL,
 * which may hold a password.
 *
 * @returns one for each host
 * @throws MisuseError
 */
export function readDatabaseUrls(text: string): readonly DatabaseUrl[] {
  return text.split(BETWEEN).flatMap(eachHost);
}

function eachHost(text: string): readonly DatabaseUrl[] {
  const parts = URL_FORM.exec(text)?.groups;
  if (parts === undefined) throw notUsable();
  const { user, hosts = '', rest = '' } = parts;
  const credentials = user === undefined ? '' : `${user}@`;
  return hosts
    .split(',')
    .map((host) => readUrl(`postgres://${credentials}${host}${rest}`.replaceAll(',', '%2C')));
}

function readUrl(href: string): DatabaseUrl {
  if (!URL.canParse(href)) throw notUsable();
  const { hostname, port, username, password, pathname, searchParams } = new URL(href);
  const host = unescaped(hostname).replace(/^\[(.*)\]$/, '$1');
  if (host === '') throw notUsable();
  return {
    href,
    host,
    port: port === '' ? PORT : Number(port),
    user: unescaped(username) || undefined,
    password: unescaped(password) || undefined,
    database: unescaped(pathname.slice(1)) || undefined,
    useTls: wantsTls(searchParams),
  };
}

function wantsTls(parameters: URLSearchParams): boolean {
  const [[name, mode] = ['sslmode', 'disable'], ...others] = parameters;
  if (name !== 'sslmode' || others.length > 0) {
    throw new MisuseError(
      'the URL of the user database must not have any parameter but one: sslmode',
    );
  }
  const useTls = SSL_MODES.get(mode);
  if (useTls !== undefined) return useTls;
  throw new MisuseError(
    `sslmode in the URL of the user database must be one of ${Array.from(SSL_MODES.keys()).join(', ')}: ` +
      'its other modes let anybody in between pose as the database',
  );
}

function unescaped(text: string): string {
  try {
    const read = decodeURIComponent(text);
    if (!read.includes('\0')) return read;
  } catch {
    // It is refused below, as is what PostgreSQL can't hold.
  }
  throw notUsable();
}

function notUsable(): MisuseError {
  return new MisuseError(
    'the URL of the user database must be of the form postgres://user:password@host:port/database; ' +
      'in user and password, write "%40" for "@", "%2F" for "/" and "%25" for "%"',
  );
}
