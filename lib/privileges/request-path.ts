import { InvalidRequestError } from '../errors.js';

/** A request target, split so that it can be read in one way only. */
export interface RequestTarget {
  /** The path's segments, decoded. */
  readonly segments: readonly string[];
  readonly trailingSlash: boolean;
  /** The query without its question mark, as sent. */
  readonly query: string;
  /** The path as sent, if it is in the canonical form already. */
  readonly plain?: string | undefined;
}

/** A path without anything that could be written or read in another way. */
const PLAIN = /^(?:\/[\w~-][\w.~-]*)+\/?$/;

/**
 * Splits a request target (RFC 9112, section 3.2.1). Refuses what a router, a proxy and a file
 * system would read differently: escapes that hide a slash, dot segments, doubled slashes, bad
 * escapes, backslashes, fragments, control characters, characters that no URL holds, and more
 * parameters than parsers read.
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

/**
 * The parsers of Express and Node.js read so many parameters, empty ones included, and ignore the
 * rest.
 */
const MOST_PARAMETERS = 1000;

function checkParameterCount(query: string): void {
  // Skips the count for short queries, which are nearly all.
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

/** Writes a path in the canonical form, so that the judged path is also the path to forward. */
export function formatPath({ segments, trailingSlash, plain }: RequestTarget): string {
  if (plain !== undefined) return plain;
  const path = `/${segments.map(encodeSegment).join('/')}`;
  return trailingSlash && segments.length > 0 ? `${path}/` : path;
}

/** Keeps a semicolon encoded: Java's servers end a segment's name there. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(/%(?:3A|40|24|26|2B|2C|3D)/g, decodeURIComponent);
}

/**
 * Refuses a query that servers read differently: one with a semicolon, or with a name that can't be
 * decoded. Some servers take a semicolon for an ampersand; Go drops the parameter that holds it.
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
 * The value of the `db` parameter, or undefined if there is none or it is empty. Points must be
 * written to the database that was judged.
 *
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`) if it is given more than once, in a
 *   form that query parsers read differently (`db[]=`, `[db]=`, bad escapes), or behind more
 *   parameters than they read
 */
export function databaseParameter(query: string): string | undefined {
  return onlyParameter(query, { wanted: 'db', likeIt: /^\[?db(?:[[\]]|$)/ });
}

/**
 * The value of the `rp` parameter, the retention policy of a database; read like
 * {@link databaseParameter}.
 *
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`)
 */
export function retentionPolicyParameter(query: string): string | undefined {
  return onlyParameter(query, { wanted: 'rp', likeIt: /^\[?rp(?:[[\]]|$)/ });
}

/** @param likeIt - matches names that some parser takes for the wanted one */
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
