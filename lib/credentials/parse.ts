import { parseBasic } from './basic.js';
import { parseQueryCredentials } from './query.js';

/**
 * InfluxDB logs in as this user to push points, with a subscription token as the Basic password.
 */
export const SUBSCRIBER_NAME = '~subscriber';

/**
 * Returns true if a name stands for subscription tokens: here, or in Kapacitor, which keeps them as
 * users `_sub:<token>`. No user has such a name, even if a source of users says so.
 */
export function isReservedName(name: string): boolean {
  return name === SUBSCRIBER_NAME || name.startsWith('_sub:');
}

/** The headers that hold credentials. */
export interface CredentialsHeaders {
  /** `Basic` or `Bearer` credentials. */
  readonly authorization?: string | undefined;
}

/**
 * The parts of a request that credentials are read from; `node:http`'s and Express' requests fit.
 */
export interface CredentialsRequest {
  /** The headers, by names in lower case. */
  readonly headers: CredentialsHeaders;
  /** The request target: path and query. */
  readonly url?: string | undefined;
}

/** The credentials of a request, as sent. */
export type Credentials =
  | { readonly kind: 'basic' | 'query'; readonly name: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'subscription'; readonly token: string }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'missing' };

const MALFORMED: Credentials = Object.freeze({ kind: 'malformed' });
const MISSING: Credentials = Object.freeze({ kind: 'missing' });

/**
 * Reads a request's credentials. The first kind present decides: Bearer or Basic in the
 * Authorization header (scheme names in any case, RFC 9110 section 11.1), else the query parameters
 * `u` and `p`.
 */
export function parseCredentials({ headers, url = '' }: CredentialsRequest): Credentials {
  const [scheme, value] = splitScheme(headers.authorization ?? '');
  switch (scheme) {
    case 'bearer':
      return value === '' ? MALFORMED : { kind: 'bearer', token: value };
    case 'basic':
      return readBasic(value);
    default:
      return readQuery(url);
  }
}

function splitScheme(header: string): readonly [scheme: string, value: string] {
  const space = header.indexOf(' ');
  if (space === -1) return [header.toLowerCase(), ''];
  return [header.slice(0, space).toLowerCase(), header.slice(space).replace(/^ +/, '')];
}

function readBasic(value: string): Credentials {
  const basic = parseBasic(value);
  if (basic === undefined) return MALFORMED;
  const { name, password } = basic;
  return name === SUBSCRIBER_NAME
    ? { kind: 'subscription', token: password }
    : { kind: 'basic', name, password };
}

function readQuery(url: string): Credentials {
  const found = parseQueryCredentials(url);
  if (found === undefined) return MISSING;
  return found === 'malformed' ? MALFORMED : { kind: 'query', ...found };
}
