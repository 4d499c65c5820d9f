import { invalidRequest } from '../../invalid-request.js';
import type { ListOptions } from '../list-options.js';
import type { NamePattern } from './name-pattern.js';
import { parseNamePattern } from './name-pattern.js';
import type { UserFilter } from './user-filter.js';
import { userFilter } from './user-filter.js';

/** The checked options of a list: nothing is left out or out of range. */
export interface ListQuery {
  /** Undefined if any name matches. */
  readonly pattern: NamePattern | undefined;
  /** Undefined if any user passes. */
  readonly filter: UserFilter | undefined;
  /** Only names behind this one; undefined for all. */
  readonly after: string | undefined;
  readonly offset: number;
  /** `Infinity` for all. */
  readonly limit: number;
}

/** Checks the options of a list. @throws InvalidRequestError for one that can't be used */
export function listQuery(options: ListOptions = {}): ListQuery {
  const { pattern = '', after, offset = 0, limit } = options;
  return {
    pattern: pattern === '' ? undefined : parseNamePattern(checkLength(pattern)),
    filter: userFilter(options),
    after,
    offset: count('offset', offset),
    limit: limit === undefined ? Infinity : count('limit', limit),
  };
}

/** The longest pattern, in characters. */
const LONGEST_PATTERN = 256;

/** Bounds the time that a pattern takes: it grows with the length. */
function checkLength(pattern: string): string {
  if (Array.from(pattern.slice(0, 2 * LONGEST_PATTERN + 1)).length <= LONGEST_PATTERN)
    return pattern;
  throw invalidRequest(`pattern must not be longer than ${String(LONGEST_PATTERN)} characters`);
}

function count(option: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw invalidRequest(`${option} must be a whole number from 0, not ${String(value)}`);
}
