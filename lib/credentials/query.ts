import type { NameAndPassword } from './basic.js';
import { hasControlCharacters } from './basic.js';

/**
 * Finds the query parameters `u` and `p`, Kapacitor's and InfluxDB's way for clients that can't set
 * headers. The first value of a repeated parameter counts. Both must be present and not empty.
 *
 * @param target - the request target: path and query
 * @returns the values as sent, without an ampersand; undefined if they are absent
 */
export function findQueryCredentials(target: string): NameAndPassword | undefined {
  const places = placesOf(target);
  if (places === undefined) return undefined;
  const { name, nameEnd, password, passwordEnd } = places;
  return { name: target.slice(name, nameEnd), password: target.slice(password, passwordEnd) };
}

/**
 * Puts what `findQueryCredentials` finds in one text: the same for the same name and password,
 * wherever they stand in a query, and another for all others.
 *
 * @returns undefined if they are absent
 */
export function queryCredentialsText(target: string): string | undefined {
  const places = placesOf(target);
  if (places === undefined) return undefined;
  const { name, nameEnd, password, passwordEnd } = places;
  // Clients send the two in a row, as a rule: the text is a piece of the target then, and nothing
  // is put together. Neither value holds an ampersand.
  return password === nameEnd + BETWEEN.length
    ? target.slice(name, passwordEnd)
    : target.slice(name, nameEnd) + BETWEEN + target.slice(password, passwordEnd);
}

/**
 * Reads and decodes what `findQueryCredentials` finds.
 *
 * @returns undefined if they are absent, `malformed` if they can't be decoded
 */
export function parseQueryCredentials(target: string): NameAndPassword | 'malformed' | undefined {
  const found = findQueryCredentials(target);
  if (found === undefined) return undefined;
  const decoded = { name: decode(found.name), password: decode(found.password) };
  return isWhole(decoded) ? decoded : 'malformed';
}

/** Stands between a name and a password in a row. */
const BETWEEN = '&p=';

/** The places of a name and a password in a request target. */
interface Places {
  readonly name: number;
  readonly nameEnd: number;
  readonly password: number;
  readonly passwordEnd: number;
}

/** Doesn't split the whole query: it may be long, and this runs for each request. */
function placesOf(target: string): Places | undefined {
  const mark = target.indexOf('?');
  if (mark === -1) return undefined;
  const name = valueOf(target, mark + 1, 'u=');
  if (name === -1) return undefined;
  const password = valueOf(target, mark + 1, 'p=');
  if (password === -1) return undefined;
  const nameEnd = endOf(target, name);
  const passwordEnd = endOf(target, password);
  if (name === nameEnd || password === passwordEnd) return undefined;
  return { name, nameEnd, password, passwordEnd };
}

/** The beginning of a parameter's first value; -1 if there is none. */
function valueOf(target: string, start: number, key: string): number {
  let at = start;
  while (!target.startsWith(key, at)) {
    at = target.indexOf('&', at) + 1;
    if (at === 0) return -1;
  }
  return at + key.length;
}

function endOf(target: string, value: number): number {
  const end = target.indexOf('&', value);
  return end === -1 ? target.length : end;
}

function decode(value: string): string | undefined {
  try {
    const text = decodeURIComponent(value.replaceAll('+', ' '));
    return hasControlCharacters(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function isWhole(decoded: {
  name: string | undefined;
  password: string | undefined;
}): decoded is { name: string; password: string } {
  return decoded.name !== undefined && decoded.password !== undefined;
}
