import type { Permission } from '../privileges/permission.js';
import type { UserType } from '../privileges/user.js';
import type { UnusableUser } from './subscription-store.js';

/** Selects the users of a list. */
export interface ListOptions {
  /** A pattern over names in the syntax of Go's `path.Match`; if empty or left out, all users. */
  readonly pattern?: string | undefined;
  /** Lists only users of this type. A store of your own may pass over this and the next three. */
  readonly type?: UserType | undefined;
  /** Lists only users with this permission, or with `all`; with `none`, those without any. */
  readonly permission?: Permission | undefined;
  /** Lists only users with exactly this grant, such as `write:database/telegraf`. */
  readonly grant?: string | undefined;
  /** If true, lists only users who are disabled; if false, only those who are not. */
  readonly disabled?: boolean | undefined;
  /**
   * Lists only users whose names come after this one, which need not be there: the next page after
   * a page that ended with it is found at once, however far down the list.
   */
  readonly after?: string | undefined;
  /** Number of matching users to skip; 0 if left out. */
  readonly offset?: number | undefined;
  /** At most so many users are returned; all if left out. */
  readonly limit?: number | undefined;
  /**
   * If true, a store that would answer at once, and take long for many users, works in slices and
   * lets others take their turn in between.
   */
  readonly inTurns?: boolean | undefined;
  /**
   * Called with each damaged user of this part of the list; the list then leaves the user out,
   * though `offset` and `limit` count them. Without this function, the store refuses the list
   * instead.
   */
  readonly onUnusable?: ((user: UnusableUser) => void) | undefined;
  /**
   * If true, all users of the list are as of one moment, however many change while it is made. A
   * store that reads the list in parts may otherwise mix two moments.
   */
  readonly snapshot?: boolean | undefined;
}
