import type { KapacitorUser } from './user.js';
import { isResolvedUser } from './user.js';

/**
 * Limit of remembered targets per user and method, and of the length of a remembered target in
 * characters.
 */
const MOST = 256;
const LONGEST = 128;

/** Matches targets that may hold the token of a subscription, even if its path is misspelt. */
const MAY_HOLD_TOKEN = /subscribe|%25/i;

/** The methods that are remembered: clients can make up any. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** Targets by user and method. */
const allowed = new WeakMap<KapacitorUser, Map<string, Set<string>>>();

/** Returns true if this user was allowed the very same request before. */
export function wasAllowed(user: KapacitorUser, method: string, target: string): boolean {
  return allowed.get(user)?.get(method)?.has(target) === true;
}

/**
 * Remembers that a user may make a request, unless its target may hold a token. Only users that
 * were resolved here count: their privileges never change, those of others might.
 */
export function rememberAllowed(user: KapacitorUser, method: string, target: string): void {
  if (target.length > LONGEST || MAY_HOLD_TOKEN.test(target) || !isResolvedUser(user)) return;
  if (!METHODS.has(method)) return;
  const ofUser = allowed.get(user) ?? new Map<string, Set<string>>();
  const targets = ofUser.get(method) ?? new Set();
  if (targets.size >= MOST) targets.clear();
  ofUser.set(method, targets.add(target));
  allowed.set(user, ofUser);
}
