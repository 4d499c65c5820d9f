import { InvalidRequestError } from '../errors.js';
import { isApiPath } from '../privileges/api-request.js';
import { formatPath, parseRequestTarget } from '../privileges/request-path.js';
import { withoutBase } from './base-path.js';

/** Limit of remembered targets, and of the length of such a target in characters. */
const MOST_TARGETS = 256;
const LONGEST_TARGET = 128;

/**
 * Returns a function that reads the targets by which a request is judged. It remembers how it read
 * them, but none with a query, which may hold credentials.
 *
 * @param basePath - the place of Kapacitor's API; `''` for the root
 */
export function askedTargets(basePath: string): (target: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (target) => {
    const remembered = known.get(target);
    if (remembered !== undefined) return remembered;
    const targets = readTargets(target, basePath);
    if (target.length > LONGEST_TARGET || target.includes('?')) return targets;
    if (known.size >= MOST_TARGETS) known.clear();
    known.set(target, targets);
    return targets;
  };
}

/**
 * The targets by which a request is judged: the part below the base path, and Kapacitor's API below
 * any other path. Proxies remove a prefix from the decoded path, so the base path is searched in
 * that.
 *
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`)
 */
function readTargets(target: string, basePath: string): readonly string[] {
  // The upstream gets the target unchanged, and some servers end a segment or a parameter at a
  // semicolon.
  if (target.includes(';')) {
    throw new InvalidRequestError(
      'ERR_KAUTH_AMBIGUOUS_PATH',
      'ambiguous path: it holds a semicolon, write %3B',
    );
  }
  const parsed = parseRequestTarget(target);
  const { segments, trailingSlash, query } = parsed;
  const end = query === '' ? '' : `?${query}`;
  const whole = withoutBase(formatPath(parsed) + end, basePath);
  const api = segments.findIndex((_, index) => isApiPath(segments, index));
  if (api <= 0) return [whole];
  const below = formatPath({ segments: segments.slice(api), trailingSlash, query }) + end;
  return below === whole ? [whole] : [whole, below];
}
