import type { ValueType } from './value-type.js';
import { textual } from './value-type.js';

const ORIGIN = 'http:// or https:// with a host and, where it is not the default, a port';

/**
 * Origins of pages (RFC 6454), as browsers write them. No asterisk: it would let every page in that
 * a user opens.
 */
export const webOrigins: ValueType<readonly string[]> = textual(
  'origin, ...',
  `${ORIGIN}, without a path; several separated by commas`,
  parseOrigins,
  (list) => list.join(','),
);

/** The origin of pages, or nothing. */
export const webOrigin: ValueType<string> = textual(
  'origin',
  `${ORIGIN}, such as "https://kapacitor.example", without a path; or nothing at all`,
  (text) => (text === '' ? '' : parseOrigin(text)),
);

function parseOrigins(text: string): readonly string[] | undefined {
  if (text === '') return Object.freeze([]);
  const parsed: string[] = [];
  for (const each of text.split(',')) {
    const origin = parseOrigin(each.trim());
    if (origin === undefined) return undefined;
    parsed.push(origin);
  }
  return Object.freeze(parsed);
}

function parseOrigin(text: string): string | undefined {
  if (!/^https?:\/\/[^/?#@\s\\*]+$/i.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text).origin;
}
