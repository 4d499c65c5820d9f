import { invalidRequest } from '../invalid-request.js';
import type { UserChangedEvent, UserField, UserGrants } from '../observe/events.js';
import { canonicalPermissions } from '../privileges/permission.js';
import { NEEDS_NO_GRANTS } from '../stores/rules/stored-user.js';
import type { ChangeOptions, StoredUser, UserChanges } from '../stores/user-store.js';

/** The maker of a change, for listeners of `userChanged` and `subscriptionChanged`. */
export interface ChangeActor {
  /** The user's name. */
  readonly name: string;
  /** The address that the user asked from. */
  readonly address?: string | undefined;
}

const USER_FIELDS = ['type', 'permissions', 'grants', 'disabled', 'password'] as const;

/** The fields that a user has who comes or goes. */
export function fieldsOf({
  grants = [],
  disabled = false,
}: Pick<StoredUser, 'grants' | 'disabled'> = {}): readonly UserField[] {
  const has = {
    type: true,
    permissions: true,
    grants: grants.length > 0,
    disabled,
    password: true,
  };
  return USER_FIELDS.filter((field) => has[field]);
}

/** The effect of a change on a user. */
export type UserChange = Pick<UserChangedEvent, 'before' | 'after' | 'fields' | 'renamedTo'>;

/** A frozen copy of a user's grants. */
export function grantsOf({
  type,
  permissions,
  grants = [],
  disabled = false,
}: Pick<StoredUser, 'type' | 'permissions' | 'grants' | 'disabled'>): UserGrants {
  return Object.freeze({
    type,
    permissions: Object.freeze([...canonicalPermissions(permissions)]),
    ...(grants.length > 0 && { grants: Object.freeze([...grants]) }),
    ...(disabled && { disabled }),
  });
}

/**
 * Notes the grants inside the change itself, since others may change the user until then. Refuses
 * grants for a user who is an administrator by then.
 */
export function noteBefore(
  options: ChangeOptions = {},
  { type, grants = [] }: UserChanges = {},
): {
  readonly options: ChangeOptions;
  readonly before: () => UserGrants | undefined;
} {
  let before: UserGrants | undefined;
  const check = (user: StoredUser, actor: StoredUser | undefined): void => {
    options.check?.(user, actor);
    if ((type ?? user.type) === 'admin' && grants.length > 0) throw invalidRequest(NEEDS_NO_GRANTS);
    before = grantsOf(user);
  };
  return { options: { ...options, check }, before: () => before };
}

/**
 * The fields that a change altered. A new password always counts, even if it equals the old one.
 */
export function differences(
  before: UserGrants | undefined,
  after: UserGrants,
  { withPassword }: { readonly withPassword: boolean },
): readonly UserField[] {
  return USER_FIELDS.filter((field) =>
    field === 'password' ? withPassword : String(before?.[field]) !== String(after[field]),
  );
}
