import { InvalidRequestError } from '../errors.js';

/** A request target, taken apart so that it can be read in one way only. */
export interface RequestTarget {
  /** The path's segments, decoded. */
  readonly segments: readonly string[];
  readonly trailingSlash: boolean;
  /** The query without its question mark, as sent. */
  readonly query: string;
  /** The path where it is written in the one way already. */
  readonly plain?: string | undefined;
}

/** A path with nothing in it that could be written or read differently. */
const PLAIN = /^(?:\/[\w~-][\w.~-]*)+\/?$/;

/**
 * Takes a request target (RFC 9112, section 3.2.1) apart, and refuses what a router, a proxy and a file system
 * would read differently: escapes that hide a slash, dot segments, doubled slashes, bad escapes, backslashes,
 * fragments, control characters, characters that no URL holds, and more parameters than parsers read.
 *
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`)
 */
export function parseRequestTarget(target: string): RequestTarget {
  if (!/^\/[\x21-\x7e]*$/.test(target)) {
    if (/^\w/.test(target)) refuse('lacks its leading slash');
    refuse('is not a path of printable ASCII characters');
  }
  if (target.includes('#')) refuse('holds a fragment');
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const plain = PLAIN.test(path) ? path : undefined;
  const parts = path.slice(1).split('/');
  const segments = plain === undefined ? parts.map(decodeSegment) : parts;
  const trailingSlash = segments.at(-1) === '';
  if (trailingSlash) segments.pop();
  if (segments.includes('')) refuse('holds an empty segment');
  const query = mark === -1 ? '' : target.slice(mark + 1);
  checkParameterCount(query);
  return { segments, trailingSlash, query, plain };
}

/** As many parameters as the parsers of Express and Node.js read, empty ones included: of more they see the first only. */
const MOST_PARAMETERS = 1000;

function checkParameterCount(query: string): void {
  // Nearly no query is long enough.
  if (query.length < MOST_PARAMETERS) return;
  if (query.split('&', MOST_PARAMETERS + 1).length > MOST_PARAMETERS) {
    refuseQuery(`it holds more than ${String(MOST_PARAMETERS)} parameters`);
  }
}

function decodeSegment(segment: string): string {
  const decoded = segment.includes('%') ? decode(segment) : segment;
  if (decoded === '.' || decoded === '..') refuse('holds a dot segment');
  if (/[/\\]/.test(decoded)) refuse('holds an encoded slash or a backslash');
  if (/\p{Cc}/u.test(decoded)) refuse('holds a control character');
  return decoded;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return refuse('holds an escape that is not UTF-8');
  }
}

function refuse(problem: string): never {
  throw new InvalidRequestError('ERR_KAUTH_AMBIGUOUS_PATH', `ambiguous path: it ${problem}`);
}

/** The one way to write a path; what was judged is what can be forwarded. */
export function formatPath({ segments, trailingSlash, plain }: RequestTarget): string {
  if (plain !== undefined) return plain;
  const path = `/${segments.map(encodeSegment).join('/')}`;
  return trailingSlash && segments.length > 0 ? `${path}/` : path;
}

/** A semicolon stays encoded: Java's servers end a segment's name there. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(/%(?:3A|40|24|26|2B|2C|3D)/g, decodeURIComponent);
}

/**
 * Refuses a query that servers read in different ways: with a semicolon, which some take for an ampersand and Go drops with all that
 * stands beside it, or with a name that can't be decoded.
 *
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`)
 */
export function checkQuery(query: string): void {
  if (query.includes(';')) refuseQuery('it holds a semicolon, write %3B');
  if (!query.includes('%')) return;
  for (const pair of query.split('&')) {
    if (decodeParameter(pair.split('=', 1)[0] ?? '') === undefined) {
      refuseQuery('a name in it holds an escape that is not UTF-8');
    }
  }
}

function refuseQuery(problem: string): never {
  throw new InvalidRequestError('ERR_KAUTH_AMBIGUOUS_PATH', `ambiguous query: ${problem}`);
}

/**
 * The value of the `db` parameter, or undefined when there is none or it is empty.
 *
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`) when it is given more than once or in a form that
 * query parsers read differently (`db[]=`, `[db]=`, bad escapes), or behind more parameters than they read: whoever writes must write where it was judged
 */
export function databaseParameter(query: string): string | undefined {
  return onlyParameter(query, { wanted: 'db', likeIt: /^\[?db(?:[[\]]|$)/ });
}

/**
 * The value of the `rp` parameter, the retention policy of a database, as {@link databaseParameter}.
 *
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`)
 */
export function retentionPolicyParameter(query: string): string | undefined {
  return onlyParameter(query, { wanted: 'rp', likeIt: /^\[?rp(?:[[\]]|$)/ });
}

/** @param likeIt - names that some parser takes for the wanted one */
function onlyParameter(
  query: string,
  { wanted, likeIt }: { readonly wanted: string; readonly likeIt: RegExp },
): string | undefined {
  checkParameterCount(query);
  const values: string[] = [];
  for (const pair of query.split('&')) {
    const [key = ''] = pair.split('=', 1);
    const name = decodeParameter(key);
    if (name === undefined || !likeIt.test(name)) continue;
    const value = decodeParameter(pair.slice(key.length + 1));
    if (name !== wanted || value === undefined) refuseParameter(wanted);
    values.push(value);
  }
  if (values.length > 1) refuseParameter(wanted);
  return values[0] === '' ? undefined : values[0];
}

function decodeParameter(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function refuseParameter(name: string): never {
  throw new InvalidRequestError(
    'ERR_KAUTH_AMBIGUOUS_PATH',
    `ambiguous parameter "${name}": give it once, as ${name}=NAME`,
  );
}
