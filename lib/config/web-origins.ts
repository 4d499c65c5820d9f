import type { ValueType } from './value-type.js';
import { textual } from './value-type.js';

/**
 * Origins of pages (RFC 6454), as browsers write them. No asterisk: it would let every page in that
 * a user opens.
 */
export const webOrigins: ValueType<readonly string[]> = textual(
  'origin, ...',
  'http:// or https:// with a host and, where it is not the default, a port, without a path; several separated by commas',
  parseOrigins,
  (list) => list.join(','),
);

function parseOrigins(text: string): readonly string[] | undefined {
  if (text === '') return Object.freeze([]);
  const parsed: string[] = [];
  for (const origin of text.split(',').map((each) => each.trim())) {
    if (!/^https?:\/\/[^/?#@\s\\*]+$/i.test(origin) || !URL.canParse(origin)) return undefined;
    parsed.push(new URL(origin).origin);
  }
  return Object.freeze(parsed);
}
