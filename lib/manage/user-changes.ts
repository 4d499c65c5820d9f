import type { UserChangedEvent, UserField, UserGrants } from '../observe/events.js';
import { canonicalPermissions } from '../privileges/permission.js';
import type { ChangeOptions, StoredUser } from '../stores/user-store.js';

/** Who makes a change, for those who listen to `userChanged`. */
export interface ChangeActor {
  /** The user's name. */
  readonly name: string;
  /** Where the user asked from. */
  readonly address?: string | undefined;
}

/** All that a user has. */
export const USER_FIELDS: readonly UserField[] = Object.freeze([
  'type',
  'permissions',
  'password',
] as const);

/** What a change made of a user. */
export type UserChange = Pick<UserChangedEvent, 'before' | 'after' | 'fields'>;

/** What a user is granted. */
export function grantsOf({
  type,
  permissions,
}: Pick<StoredUser, 'type' | 'permissions'>): UserGrants {
  return Object.freeze({
    type,
    permissions: Object.freeze([...canonicalPermissions(permissions)]),
  });
}

/** Looks at a user at the change itself, since until then others may change it. */
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

/** What is different after a change; a new password always is, whatever the old one was. */
export function differences(
  before: UserGrants | undefined,
  after: UserGrants,
  { withPassword }: { readonly withPassword: boolean },
): readonly UserField[] {
  return USER_FIELDS.filter((field) =>
    field === 'password' ? withPassword : String(before?.[field]) !== String(after[field]),
  );
}
