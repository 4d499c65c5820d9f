import { AuthorizationError } from '../../errors.js';
import { caselessPrivileges } from '../../privileges/api-decision.js';
import type { Permission } from '../../privileges/permission.js';
import type { Privilege } from '../../privileges/privilege.js';
import { PRIVILEGES } from '../../privileges/privilege.js';
import { isApiResource } from '../../privileges/resource.js';
import type { KapacitorUser, UserDescription, UserType } from '../../privileges/user.js';
import { resolveUser } from '../../privileges/user.js';

/** The rights that a change sets; it leaves the rest as it is. */
export interface RequestedGrants {
  readonly type?: UserType | undefined;
  readonly permissions?: readonly Permission[] | undefined;
  readonly grants?: readonly string[] | undefined;
}

/** Something that one user may do and another may not. */
interface Excess {
  readonly privilege: Privilege;
  /** An endpoint is in lower case if it is allowed only where case matters. */
  readonly resource: string;
}

/** Returns true if a user may do everything that the other may. */
export function coversUser(user: KapacitorUser, other: KapacitorUser): boolean {
  return excessOf(other, user) === undefined;
}

/** Finds something that a user may do, and the one who should cover that user may not. */
function excessOf(user: KapacitorUser, cover: KapacitorUser): Excess | undefined {
  // These resources are enough: below them, the nearest entry above decides. That of a prefix
  // stands for all names that begin so and have no entry themselves: no entry holds a star before
  // its end.
  const resources = [...Object.keys(cover.privileges), ...Object.keys(user.privileges)];
  for (const resource of resources) {
    const folded = resource.toLowerCase();
    const privilege =
      PRIVILEGES.find((each) => user.can(each, resource) && !cover.can(each, resource)) ??
      PRIVILEGES.find(
        (each) =>
          isAllowedInAnyCase(user, each, folded) && !isAllowedInAnyCase(cover, each, folded),
      );
    if (privilege !== undefined) return { privilege, resource };
  }
  return undefined;
}

/** Judges an endpoint as a router does that ignores case; databases have none. */
function isAllowedInAnyCase(user: KapacitorUser, privilege: Privilege, folded: string): boolean {
  if (!isApiResource(folded)) return false;
  return caselessPrivileges(user).allows({ privilege, resource: folded });
}

/**
 * Refuses to grant more than the actor has.
 *
 * @throws AuthorizationError (`ERR_KAUTH_ESCALATION`)
 */
export function judgeGrants(
  actor: KapacitorUser,
  { type = 'normal', permissions = [], grants = [] }: RequestedGrants,
): void {
  const { name } = actor;
  if (!coversUser(actor, resolveUser({ name, type, permissions }, 'local'))) {
    throw escalation(
      type === 'admin'
        ? `user ${name} may not make an admin: only an admin may`
        : `user ${name} may not grant ${permissions.join(', ')}: it has ${actor.permissions.join(', ') || 'no permission'} itself`,
    );
  }
  for (const grant of grants) {
    const excess = excessOf(
      resolveUser({ name, type, permissions: [], grants: [grant] }, 'local'),
      actor,
    );
    if (excess !== undefined) throw tooMuch(actor, `grant ${grant}`, excess);
  }
}

/**
 * Refuses a change after which the user could do more than the actor: it may take away a grant that
 * held back what the user's permissions give.
 *
 * @param result - the user after the change
 * @throws AuthorizationError (`ERR_KAUTH_ESCALATION`)
 */
export function judgeResult(actor: KapacitorUser, result: UserDescription): void {
  const excess = excessOf(resolveUser(result, 'local'), actor);
  if (excess !== undefined)
    throw tooMuch(actor, `let user ${result.name} do more than itself`, excess);
}

function tooMuch({ name }: KapacitorUser, what: string, excess: Excess): AuthorizationError {
  const { privilege, resource } = excess;
  return escalation(
    `user ${name} may not ${what}: it does not have "${privilege}" privilege for ${resource} itself`,
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
