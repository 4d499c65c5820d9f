import type { Permission } from '../privileges/permission.js';
import type { UserType } from '../privileges/user.js';
import type { ListOptions } from '../stores/list-options.js';

/** A user as it is shown: without the hash. */
export interface UserInfo {
  /** Names are compared byte by byte. */
  readonly name: string;
  /** `admin` may do everything. */
  readonly type: UserType;
  /** The permissions granted; none for an administrator, who needs none. */
  readonly permissions: readonly Permission[];
  /** The grants beside the permissions; left out if there are none. */
  readonly grants?: readonly string[];
  /** True if the user can't log in; else left out. */
  readonly disabled?: true;
  /**
   * The time at which the user was added (ISO 8601 in UTC), if it was asked for and is known.
   */
  readonly created?: string;
  /** The time of the last change (ISO 8601 in UTC), if it was asked for and is known. */
  readonly changed?: string;
}

/** Options of `users.list`. */
export interface UserListOptions extends ListOptions {
  /** If true, users are listed with `created` and `changed`; false if left out. */
  readonly times?: boolean | undefined;
}

/** The secret that a user logs in with: a password, or the bcrypt hash of one. */
export type UserSecret =
  | {
      /** 1 to 72 bytes of UTF-8. */
      readonly password: string;
      /** Not together with a password. */
      readonly hash?: undefined;
    }
  | {
      /**
       * A bcrypt hash: `$2a$`, `$2b$` or `$2y$`. Its cost is at most 16, or `auth.bcrypt-cost` if
       * that is higher.
       */
      readonly hash: string;
      /** Not together with a hash. */
      readonly password?: undefined;
    };

/** A user to add. */
export type NewUser = UserSecret & {
  /** Letters of any script, 0-9, `-`, `.`, `_`, `@`; at most 255 bytes of UTF-8. */
  readonly name: string;
  /** `normal` when left out. */
  readonly type?: UserType | undefined;
  /** None when left out; an administrator needs none. */
  readonly permissions?: readonly Permission[] | undefined;
  /**
   * Privileges at a place, such as `write:database/telegraf`. None when left out; in an update they
   * stay, unless the permissions become none or the user an administrator.
   */
  readonly grants?: readonly string[] | undefined;
  /** True if every login is refused, and no token or session counts; false when left out. */
  readonly disabled?: boolean | undefined;
  /** The time at which the user was added elsewhere (ISO 8601 in UTC); now when left out. */
  readonly created?: string | undefined;
};

/** A user to add with the hash of a password instead of the password. */
export type HashedUser = NewUser & Readonly<Record<'hash', string>>;

/** The names of users that were put into a store. */
export interface PutNames {
  /** New users. */
  readonly added: readonly string[];
  /** Users that existed before. */
  readonly updated: readonly string[];
}

/** The changes to a user; a value that is left out stays. */
export type UserUpdate = (
  | UserSecret
  | {
      /** Left out: it stays. */
      readonly password?: undefined;
      /** Left out: it stays. */
      readonly hash?: undefined;
    }
) &
  Pick<NewUser, 'type' | 'permissions' | 'grants' | 'disabled'>;
