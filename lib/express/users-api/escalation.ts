import { AuthorizationError } from '../../errors.js';
import type { Permission } from '../../privileges/permission.js';
import { PRIVILEGES } from '../../privileges/privilege.js';
import type { KapacitorUser, UserDescription, UserType } from '../../privileges/user.js';
import { resolveUser } from '../../privileges/user.js';

/** The grants that a change sets; it leaves the others as they are. */
export interface RequestedGrants {
  readonly type?: UserType | undefined;
  readonly permissions?: readonly Permission[] | undefined;
}

/** Returns true if a user may do everything that the other may. */
export function coversUser(user: KapacitorUser, other: KapacitorUser): boolean {
  // These resources are enough: below them, the nearest entry above decides.
  const resources = [...Object.keys(user.privileges), ...Object.keys(other.privileges)];
  return resources.every((resource) =>
    PRIVILEGES.every(
      (privilege) => user.can(privilege, resource) || !other.can(privilege, resource),
    ),
  );
}

/**
 * Refuses to grant more than the actor has.
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
 * Refuses to change a user who may do more than the actor: a new password would let the actor log
 * in as that user.
 *
 * @param target - the user before the change or the deletion
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
