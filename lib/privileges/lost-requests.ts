import type { JudgeOptions } from './api-decision.js';
import { caselessPrivileges } from './api-decision.js';
import type { Privilege } from './privilege.js';
import type { PrivilegeTable } from './privileges.js';
import type { KapacitorUser } from './user.js';
import { privilegeTableOf } from './user.js';

const GRANTABLE: readonly Privilege[] = ['read', 'write', 'delete'];

/**
 * Returns true if requests that a user might make before are refused now. A privilege on one
 * endpoint may take from another whose name differs only in case, unless routers tell them apart.
 */
export function losesRequests(
  before: KapacitorUser,
  now: KapacitorUser,
  { caseSensitive = false }: JudgeOptions,
): boolean {
  const named = [...Object.keys(before.privileges), ...Object.keys(now.privileges)];
  if (isLess(privilegeTableOf(before), privilegeTableOf(now), named)) return true;
  if (caseSensitive) return false;
  const folded = named.map((resource) => resource.toLowerCase());
  return isLess(caselessPrivileges(before), caselessPrivileges(now), folded);
}

/** The entry above decides about what neither names, so it is enough to ask about what is named. */
function isLess(
  before: PrivilegeTable,
  now: PrivilegeTable,
  resources: readonly string[],
): boolean {
  return [...new Set(resources)].some((resource) =>
    GRANTABLE.some(
      (privilege) => before.allows({ privilege, resource }) && !now.allows({ privilege, resource }),
    ),
  );
}
