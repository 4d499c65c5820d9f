import { InvalidRequestError } from '../errors.js';
import { canonicalGrants } from '../privileges/grant.js';
import type { StoredUser } from '../stores/user-store.js';

/** Returns the reason why a user's grants can't be used, if they can't: none may be overlooked. */
export function grantsProblem({ grants, privileges }: StoredUser): string | undefined {
  if (grants === undefined || grants.length === 0) return undefined;
  if (privileges !== undefined) return 'both grants and privileges';
  try {
    canonicalGrants(grants);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidRequestError) return `a grant that can't be read: ${error.message}`;
    throw error;
  }
}
