import { bcryptHashCost, isBcryptHash } from '../stores/rules/bcrypt-hash.js';
import type { StoredUser } from '../stores/user-store.js';

/** Returns the reason why the hash of a user can't be verified, if it can't. */
export function hashProblem(
  { hash }: StoredUser,
  { verifies, highestCost }: { readonly verifies: boolean; readonly highestCost: number },
): string | undefined {
  if (hash === '' && verifies) return undefined;
  if (!isBcryptHash(hash)) return 'a hash that is not bcrypt';
  const cost = bcryptHashCost(hash);
  if (cost <= highestCost) return undefined;
  return `a hash of cost ${String(cost)}, above ${String(highestCost)}`;
}
