import { InvalidRequestError } from '../errors.js';
import { isApiPath } from '../privileges/api-request.js';
import { isMemorableTarget } from '../privileges/memorable-target.js';
import { formatPath, parseRequestTarget } from '../privileges/request-path.js';
import { withoutBase } from './base-path.js';

/** Limit of remembered targets. */
const MOST_TARGETS = 256;

/**
 * Reads the targets by which a request is judged, and remembers how it read those that were told to
 * be kept. A target that may hold a secret is never kept.
 */
export class AskedTargets {
  readonly #basePath: string;
  readonly #kept = new Map<string, readonly string[]>();

  /** @param basePath - the place of Kapacitor's API; `''` for the root */
  constructor(basePath: string) {
    this.#basePath = basePath;
  }

  /** @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`) */
  of(target: string): readonly string[] {
    return this.#kept.get(target) ?? readTargets(target, this.#basePath);
  }

  /**
   * Keeps how a target was read. Call it only for a user who may ask for it: a stranger must not
   * drive out what others ask for.
   */
  keep(target: string, targets: readonly string[]): void {
    if (this.#kept.has(target) || !isMemorableTarget(target)) return;
    if (this.#kept.size >= MOST_TARGETS) this.#kept.clear();
    this.#kept.set(target, targets);
  }
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
