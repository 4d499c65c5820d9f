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
  const mark = target.indexOf('?');
  if (mark === -1) return undefined;
  const name = firstValue(target, mark + 1, 'u=');
  const password = name === '' ? '' : firstValue(target, mark + 1, 'p=');
  return password === '' ? undefined : { name, password };
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

/** Doesn't split the whole query: it may be long, and this runs for each request. */
function firstValue(target: string, start: number, key: string): string {
  let at = start;
  while (!target.startsWith(key, at)) {
    at = target.indexOf('&', at) + 1;
    if (at === 0) return '';
  }
  const end = target.indexOf('&', at);
  return target.slice(at + key.length, end === -1 ? undefined : end);
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
