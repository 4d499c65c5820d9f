import type { UserChangedEvent, UserField, UserGrants } from '../observe/events.js';
import { canonicalPermissions } from '../privileges/permission.js';
import type { ChangeOptions, StoredUser } from '../stores/user-store.js';

/** The maker of a change, for listeners of `userChanged`. */
export interface ChangeActor {
  /** The user's name. */
  readonly name: string;
  /** The address that the user asked from. */
  readonly address?: string | undefined;
}

export const USER_FIELDS: readonly UserField[] = Object.freeze([
  'type',
  'permissions',
  'password',
] as const);

/** The effect of a change on a user. */
export type UserChange = Pick<UserChangedEvent, 'before' | 'after' | 'fields'>;

/** A frozen copy of a user's grants. */
export function grantsOf({
  type,
  permissions,
}: Pick<StoredUser, 'type' | 'permissions'>): UserGrants {
  return Object.freeze({
    type,
    permissions: Object.freeze([...canonicalPermissions(permissions)]),
  });
}

/** Notes the grants inside the change itself, since others may change the user until then. */
export function noteBefore(options: ChangeOptions = {}): {
  readonly options: ChangeOptions;
  readonly before: () => UserGrants | undefined;
} {
  let before: UserGrants | undefined;
  const check = (user: StoredUser, actor: StoredUser | undefined): void => {
    options.check?.(user, actor);
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
