import { hasControlCharacters } from './basic.js';
import type { NameAndPassword } from './basic.js';

/**
 * Reads the query parameters `u` and `p` (Kapacitor's and InfluxDB's way for clients that can't set headers). The
 * first value counts when one is repeated; both must be there and not empty.
 *
 * @param target - the request target: path and query
 * @returns undefined when they are absent, `malformed` when they can't be decoded
 */
export function parseQueryCredentials(target: string): NameAndPassword | 'malformed' | undefined {
  const mark = target.indexOf('?');
  if (mark === -1) return undefined;
  const pairs = target.slice(mark + 1).split('&');
  const name = firstValue(pairs, 'u=');
  const password = firstValue(pairs, 'p=');
  if (!name || !password) return undefined;
  const decoded = { name: decode(name), password: decode(password) };
  return isWhole(decoded) ? decoded : 'malformed';
}

function firstValue(pairs: readonly string[], key: string): string | undefined {
  return pairs.find((pair) => pair.startsWith(key))?.slice(key.length);
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
