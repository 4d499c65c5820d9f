import type { ValueType } from './value-type.js';
import { textual } from './value-type.js';

/**
 * Scheme, host and port of an HTTP server, as `URL.origin` writes them. No path: with one, the
 * upstream would get another path than the one that was judged.
 */
export const upstreamUrl: ValueType<string> = textual(
  'URL',
  'http:// or https:// with host and port, such as "http://127.0.0.1:9092", without user, password, path and query; or nothing at all',
  parseUpstreamUrl,
);

function parseUpstreamUrl(text: string): string | undefined {
  if (text === '') return '';
  if (!/^https?:\/\/[^/?#@\s\\]+\/?$/i.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text).origin;
}
