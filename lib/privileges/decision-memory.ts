import { isMemorableTarget } from './memorable-target.js';
import type { KapacitorUser } from './user.js';
import { isResolvedUser } from './user.js';

/** Limit of remembered targets per user and method. */
const MOST = 256;

/**
 * The methods that are remembered, as clients can make up any: not those that a server serves, but
 * those that come often.
 */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** Targets by user and method. */
const allowed = new WeakMap<KapacitorUser, Map<string, Set<string>>>();

/** Returns true if this user was allowed the very same request before. */
export function wasAllowed(user: KapacitorUser, method: string, target: string): boolean {
  return allowed.get(user)?.get(method)?.has(target) === true;
}

/**
 * Remembers that a user may make a request, if its target is one that memories may hold. Only
 * resolved users count: their privileges never change, those of others might.
 */
export function rememberAllowed(user: KapacitorUser, method: string, target: string): void {
  if (!METHODS.has(method) || !isMemorableTarget(target) || !isResolvedUser(user)) return;
  const ofUser = allowed.get(user) ?? new Map<string, Set<string>>();
  const targets = ofUser.get(method) ?? new Set();
  if (targets.size >= MOST) targets.clear();
  ofUser.set(method, targets.add(target));
  allowed.set(user, ofUser);
}
