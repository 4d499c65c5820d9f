import type { KapacitorUser } from './user.js';
import { isResolvedUser } from './user.js';

/**
 * Limit of remembered requests per user, and of the length of a remembered target in characters.
 */
const MOST = 256;
const LONGEST = 128;

/** Matches targets that may hold the token of a subscription, even if its path is misspelt. */
const MAY_HOLD_TOKEN = /subscribe|%25/i;

const allowed = new WeakMap<KapacitorUser, Set<string>>();

/** Returns true if this user was allowed the very same request before. */
export function wasAllowed(user: KapacitorUser, method: string, target: string): boolean {
  return allowed.get(user)?.has(keyOf(method, target)) === true;
}

/**
 * Remembers that a user may make a request, unless its target may hold a token. Only users that
 * were resolved here count: their privileges never change, those of others might.
 */
export function rememberAllowed(user: KapacitorUser, method: string, target: string): void {
  if (target.length > LONGEST || MAY_HOLD_TOKEN.test(target) || !isResolvedUser(user)) return;
  const known = allowed.get(user) ?? new Set();
  if (known.size >= MOST) known.clear();
  allowed.set(user, known.add(keyOf(method, target)));
}

/** A space separates the two, as no target holds one. */
function keyOf(method: string, target: string): string {
  return `${method} ${target}`;
}
