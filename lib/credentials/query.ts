import type { NameAndPassword } from './basic.js';
import { hasControlCharacters } from './basic.js';

/**
 * Finds the query parameters `u` and `p` (Kapacitor's and InfluxDB's way for clients that can't set headers). The first
 * value counts when one is repeated; both must be there and not empty.
 *
 * @param target - the request target: path and query
 * @returns them as sent, neither with an ampersand in it; undefined when they are absent
 */
export function findQueryCredentials(target: string): NameAndPassword | undefined {
  const mark = target.indexOf('?');
  if (mark === -1) return undefined;
  const name = firstValue(target, mark + 1, 'u=');
  const password = name === '' ? '' : firstValue(target, mark + 1, 'p=');
  return password === '' ? undefined : { name, password };
}

/**
 * Reads what `findQueryCredentials` finds.
 *
 * @returns undefined when they are absent, `malformed` when they can't be decoded
 */
export function parseQueryCredentials(target: string): NameAndPassword | 'malformed' | undefined {
  const found = findQueryCredentials(target);
  if (found === undefined) return undefined;
  const decoded = { name: decode(found.name), password: decode(found.password) };
  return isWhole(decoded) ? decoded : 'malformed';
}

/** Reads without taking the whole query apart: it may be long, and is read at each request. */
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
