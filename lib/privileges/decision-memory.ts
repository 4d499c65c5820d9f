import type { KapacitorUser } from './user.js';
import { isResolvedUser } from './user.js';

/** How many requests are remembered of a user, and how long a target may be for that, in characters. */
const MOST = 256;
const LONGEST = 128;

const allowed = new WeakMap<KapacitorUser, Set<string>>();

/** Whether this user was allowed this very request before. */
export function wasAllowed(user: KapacitorUser, method: string, target: string): boolean {
  return allowed.get(user)?.has(keyOf(method, target)) === true;
}

/** Remembers that a user may make a request. What a user that was resolved here may do never changes; of others it isn't known. */
export function rememberAllowed(user: KapacitorUser, method: string, target: string): void {
  if (target.length > LONGEST || !isResolvedUser(user)) return;
  const known = allowed.get(user) ?? new Set();
  if (known.size >= MOST) known.clear();
  allowed.set(user, known.add(keyOf(method, target)));
}

/** No target holds a space. */
function keyOf(method: string, target: string): string {
  return `${method} ${target}`;
}
