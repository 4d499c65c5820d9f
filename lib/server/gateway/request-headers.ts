import type { KapacitorUser } from '../../index.js';
import { InvalidRequestError } from '../../index.js';
import type { ReceivedRequest } from '../trusting-proxies.js';
import { clientAddress } from '../trusting-proxies.js';
import { forwardedQuery } from './forwarded-query.js';
import { isHopByHop, namedByConnection } from './hop-by-hop.js';
import { passedCookies } from './passed-cookies.js';
import { rememberingNames } from './remembering-names.js';

/**
 * Fields of a client that are not passed on, in lower case: its credentials, those that only a
 * proxy may set, those that would change the judged method or path, and those that `undici` sets.
 */
const WITHHELD: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'remote-user',
  'via',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-real-ip',
  'x-remote-user',
  'x-rewrite-url',
]);

const WITHHELD_FAMILIES = /^x-(?:forwarded|kapacitor|original)-/;

/** Values of the fields that the gateway adds. */
export interface GatewayFields {
  /** Undefined if the upstream authenticates the client by itself, and gets its credentials. */
  readonly user: KapacitorUser | undefined;
  /** The gateway's own credentials. */
  readonly authorization: string | undefined;
  /** Bytes of the body that is sent in place of the client's; undefined if the client's is. */
  readonly length?: number | undefined;
}

/**
 * Returns the fields of the request to the upstream: the client's, without credentials and without
 * those that it may not set, then the gateway's own. Without a user it keeps the first
 * `Authorization`, the one that is judged, and all cookies but the session of the gateway's own
 * pages. Names with an underscore or a dot are left out, because many servers read
 * `X_Kapacitor_User` as `X-Kapacitor-User`. `Referer` loses the credentials that the address of a
 * page can hold.
 *
 * @returns names and values in turn
 * @throws InvalidRequestError if `Host` is there more than once (RFC 9112, section 3.2)
 */
export function requestHeaders(
  request: ReceivedRequest,
  { user, authorization, length }: GatewayFields,
): string[] {
  const { rawHeaders, headers, socket } = request;
  const address = clientAddress(request);
  const named = namedByConnection(headers.connection);
  const others = clientFields(rawHeaders, named);
  const sent = user === undefined ? [...others, ...ownCredentials(rawHeaders, named)] : others;
  const fields = length === undefined ? sent : withLength(sent, length);
  fields.push('x-forwarded-proto', 'encrypted' in socket ? 'https' : 'http');
  if (user !== undefined) fields.push('x-kapacitor-user', encodeURIComponent(user.name));
  if (headers.host !== undefined) fields.push('x-forwarded-host', headers.host);
  if (address !== undefined) fields.push('x-forwarded-for', address);
  if (authorization !== undefined) fields.push('authorization', authorization);
  return fields;
}

function clientFields(rawHeaders: readonly string[], named: ReadonlySet<string>): string[] {
  const fields: string[] = [];
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    if (name === 'host' && ++hosts > 1) throw hostIsTwice();
    // Content-Length stays even if Connection names it: the upstream must read the same body.
    const isLength = name === 'content-length';
    if (isLength || (isPassedOn(name) && !isHopByHop(name, named))) {
      const value = rawHeaders[index + 1] ?? '';
      fields.push(name, name === 'referer' ? withoutCredentials(value) : value);
    }
  }
  return fields;
}

/**
 * Removes user and password, `u` and `p` from the address of a page, and an ambiguous query
 * entirely.
 */
function withoutCredentials(referer: string): string {
  const page = referer.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i, '$1');
  const end = page.search(/[?#]|$/);
  try {
    return page.slice(0, end) + forwardedQuery(page.replace(/#.*/s, ''));
  } catch {
    return page.slice(0, end);
  }
}

/** Names another length of the body, which has no other coding than it had. */
function withLength(fields: readonly string[], length: number): string[] {
  const others = fields.filter((_field, index) => fields[index - (index % 2)] !== 'content-length');
  return [...others, 'content-length', String(length)];
}

/** The client's credentials, for an upstream that judges by itself. */
function ownCredentials(rawHeaders: readonly string[], named: ReadonlySet<string>): string[] {
  const fields: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    const value = rawHeaders[index + 1] ?? '';
    if (isHopByHop(name, named)) continue;
    const cookies = name === 'cookie' ? passedCookies(value) : undefined;
    if (cookies !== undefined) fields.push(name, cookies);
    // Only the first: it is the one that is judged here, as Go's programs do.
    if (name === 'authorization' && !fields.includes(name)) fields.push(name, value);
  }
  return fields;
}

function hostIsTwice(): InvalidRequestError {
  return new InvalidRequestError('ERR_KAUTH_INVALID_REQUEST', 'the field Host is there twice');
}

const isPassedOn = rememberingNames(
  (name) => !WITHHELD.has(name) && !/[_.]/.test(name) && !WITHHELD_FAMILIES.test(name),
);
