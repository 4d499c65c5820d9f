import { AuthorizationError } from '../../errors.js';
import type { Permission } from '../../privileges/permission.js';
import { PRIVILEGES } from '../../privileges/privilege.js';
import type { KapacitorUser, UserDescription, UserType } from '../../privileges/user.js';
import { resolveUser } from '../../privileges/user.js';

/** What a change gives a user; what is left out it doesn't touch. */
export interface RequestedGrants {
  readonly type?: UserType | undefined;
  readonly permissions?: readonly Permission[] | undefined;
}

/** Whether a user may do all that another may. */
export function coversUser(user: KapacitorUser, other: KapacitorUser): boolean {
  // Below the entries of both nothing changes: each is decided by the nearest entry above.
  const resources = [...Object.keys(user.privileges), ...Object.keys(other.privileges)];
  return resources.every((resource) =>
    PRIVILEGES.every(
      (privilege) => user.can(privilege, resource) || !other.can(privilege, resource),
    ),
  );
}

/**
 * Nobody grants what they don't have.
 *
 * @throws AuthorizationError (`ERR_KAUTH_ESCALATION`)
 */
export function judgeGrants(
  actor: KapacitorUser,
  { type = 'normal', permissions = [] }: RequestedGrants,
): void {
  const grants = { name: actor.name, type, permissions };
  if (coversUser(actor, resolveUser(grants, 'local'))) return;
  throw escalation(
    type === 'admin'
      ? `user ${actor.name} may not make an admin: only an admin may`
      : `user ${actor.name} may not grant ${permissions.join(', ')}: it has ${actor.permissions.join(', ') || 'no permission'} itself`,
  );
}

/**
 * Nobody takes over a user who may do more: whoever sets a password can log in with it.
 *
 * @param target - the user as it is, before it is changed or deleted
 * @throws AuthorizationError (`ERR_KAUTH_ESCALATION`)
 */
export function judgeTarget(actor: KapacitorUser, target: UserDescription): void {
  if (coversUser(actor, resolveUser(target, 'local'))) return;
  throw escalation(
    `user ${actor.name} may not change or delete user ${target.name}, who may do more`,
  );
}

function escalation(message: string): AuthorizationError {
  return new AuthorizationError('ERR_KAUTH_ESCALATION', message);
}
