import type { ValueType } from './value-type.js';
import { textual } from './value-type.js';

/** First segments of paths that `kapacitor-auth serve` or the upstream of a gateway answers. */
const TAKEN: readonly string[] = [
  ...['auth', 'debug', 'health', 'kapacitor', 'metrics'],
  ...['ping', 'query', 'subscribe', 'write'],
];

/** Characters of a path: it stands in every link. */
const LONGEST = 64;

/** The path below which pages are: plain, so that every proxy and browser reads it alike. */
export const pagesBasePath: ValueType<string> = textual(
  'path',
  `a path such as "/admin" of letters, digits, "_" and "-", at most ${String(LONGEST)} characters, without a slash at its end; not below ${TAKEN.map((each) => `/${each}`).join(', ')}`,
  (value) => (isPlain(value) && !isTaken(value) ? value : undefined),
);

function isPlain(path: string): boolean {
  return path.length <= LONGEST && /^(?:\/[A-Za-z0-9_-]+)+$/.test(path);
}

/** Routers ignore case. */
function isTaken(path: string): boolean {
  const [, first = ''] = path.toLowerCase().split('/');
  return TAKEN.includes(first);
}
