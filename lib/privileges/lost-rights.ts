import { coversPermission } from './permission.js';
import type { Privilege } from './privilege.js';
import { checkResource } from './resource.js';
import type { KapacitorUser } from './user.js';

const GRANTABLE: readonly Privilege[] = ['read', 'write', 'delete'];

/**
 * Returns true if a user lost a right between two moments: a permission, or a privilege on any
 * resource. The entry above decides about resources that neither moment names, so it is enough to
 * ask about those that are named.
 */
export function hasLostRights(before: KapacitorUser, now: KapacitorUser): boolean {
  if (before === now || now.admin) return false;
  if (before.admin) return true;
  if (before.permissions.some((each) => !coversPermission(now.permissions, each))) return true;
  const named = new Set([...Object.keys(before.privileges), ...Object.keys(now.privileges)]);
  return [...named]
    .filter(isResource)
    .some((resource) =>
      GRANTABLE.some((each) => before.can(each, resource) && !now.can(each, resource)),
    );
}

/** Returns false for the path of a request: a source may name one, but nobody can be asked. */
function isResource(named: string): boolean {
  try {
    checkResource(named);
    return true;
  } catch {
    return false;
  }
}
