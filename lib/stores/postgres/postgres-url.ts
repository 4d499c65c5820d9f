import { MisuseError } from '../../errors.js';

/** A server and the database on it. Its properties, but for the password, may be shown. */
export interface PostgresPlace {
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  /** True if the URL asks for TLS. */
  readonly useTls: boolean;
}

const PORT = 5432;

/** The meaning of `sslmode`: with TLS, a certificate is always checked. */
const SSL_MODES: ReadonlyMap<string, boolean> = new Map([
  ['disable', false],
  ['require', true],
  ['verify-ca', true],
  ['verify-full', true],
]);

/**
 * Reads URLs of a database. The text of an error never holds any part of a URL, which may hold a
 * password.
 *
 * @throws MisuseError
 */
export function readPostgresUrls(urls: string | readonly string[]): readonly PostgresPlace[] {
  const each = [urls].flat().flatMap((text) => text.split(/,(?=\s*postgres(?:ql)?:\/\/)/));
  if (each.length === 0) throw notUsable();
  return each.map((text) => place(text.trim()));
}

/** Shows a place without user and password: `db.example.com:5432/users`. */
export function shownPlace({ host, port, database }: PostgresPlace): string {
  return `${host}:${String(port)}${database === undefined ? '' : `/${database}`}`;
}

function place(text: string): PostgresPlace {
  if (!/^postgres(?:ql)?:\/\//.test(text) || !URL.canParse(text)) throw notUsable();
  const { hostname, port, username, password, pathname, searchParams } = new URL(text);
  const host = unescaped(hostname).replace(/^\[(.*)\]$/, '$1');
  if (host === '') throw notUsable();
  return {
    host,
    port: port === '' ? PORT : Number(port),
    user: unescaped(username) || undefined,
    password: unescaped(password) || undefined,
    database: unescaped(pathname.slice(1)) || undefined,
    useTls: wantsTls(searchParams),
  };
}

function wantsTls(parameters: URLSearchParams): boolean {
  const other = Array.from(parameters.keys()).find((key) => key !== 'sslmode');
  if (other !== undefined) {
    throw new MisuseError(
      `the URL of the user database must not have the parameter ${JSON.stringify(other)}; the only one is sslmode`,
    );
  }
  const mode = parameters.get('sslmode') ?? 'disable';
  const useTls = SSL_MODES.get(mode);
  if (useTls !== undefined) return useTls;
  throw new MisuseError(
    `sslmode in the URL of the user database is ${Array.from(SSL_MODES.keys()).join(', ')}, not ${JSON.stringify(mode)}`,
  );
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw notUsable();
  }
}

function notUsable(): MisuseError {
  return new MisuseError(
    'the URL of the user database must be of the form postgres://user:password@host:port/database; ' +
      'in user and password, write "%40" for "@", "%2F" for "/" and "%25" for "%"',
  );
}
