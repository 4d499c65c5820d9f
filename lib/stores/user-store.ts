import type { MaybePromise } from '../maybe-promise.js';
import type { Permission } from '../privileges/permission.js';
import type { Privileges } from '../privileges/privileges.js';
import type { UserType } from '../privileges/user.js';
import type { SubscriptionStore, UnusableUser } from './subscription-store.js';

/** A user as a store holds it. */
export interface StoredUser {
  /** Compared byte by byte: case matters, and so does the Unicode normal form. */
  readonly name: string;
  /** Whether the user may do everything. */
  readonly type: UserType;
  /** A bcrypt hash (`$2a$`, `$2b$` or `$2y$`); empty where only {@link UserSource.verify} can tell. */
  readonly hash: string;
  /** What was granted, in Kapacitor's terms for local users. */
  readonly permissions: readonly Permission[];
  /** What may be done, where a source knows more than `permissions` can say (a meta node's scopes). */
  readonly privileges?: Privileges;
  /**
   * When the oldest part of this was asked for, in milliseconds of `performance.now()`, where a source puts a user together from what it
   * was told before the look-up: the user counts from then on, and so expires earlier.
   */
  readonly asOf?: number;
}

/** How a user is looked up. */
export interface FindOptions {
  /** Asks to pass over any cache of the source's own. */
  readonly fresh?: boolean;
  /** When whoever asks gives up, in milliseconds of `performance.now()`; never when left out. */
  readonly until?: number;
}

/** Told the name of a user that changed, or nothing when any may have changed. */
export type UserChangeListener = (name?: string) => void;

/**
 * Where users are looked up. The least a store of your own must have is `find`.
 *
 * Every method that can't answer rejects (or throws) with a `StoreUnavailableError`: it must never
 * report a user as absent because it could not look.
 */
export interface UserSource {
  /** Shown as `req.user.source`; `local` when left out. */
  readonly source?: 'local' | 'meta';
  /** The highest bcrypt cost among the users' hashes, so that unknown names can cost as much; 0 or absent when not known. */
  readonly hashCost?: number;
  /** True where a user found earlier may be out of date and nobody says so (no `watch`): a password that fails is then tried once against a fresh copy. */
  readonly mayBeStale?: boolean;
  /** The subscription tokens, where the source keeps any; all are refused when left out. */
  readonly subscriptions?: SubscriptionStore | undefined;
  /** Prepares the source; called before the first look-up and again after it failed. Calling it twice does no harm. */
  open?(): MaybePromise<void>;
  /** Rejects (or throws) while users can't be looked up, for those who ask after its health; that it is open is enough when left out. */
  check?(): MaybePromise<void>;
  /** The user of exactly this name, or undefined. */
  find(name: string, options?: FindOptions): MaybePromise<StoredUser | undefined>;
  /** Verifies a password for users without a hash of ours. */
  verify?(name: string, password: string): MaybePromise<boolean>;
  /**
   * Calls `listener` after each change: by this process at once, before the change is acknowledged; by
   * another process within a second. Returns the function that stops it.
   */
  watch?(listener: UserChangeListener): () => void;
  /**
   * Looks for changes of others now, if the source looks for them from time to time and has not done so for a second, and tells the
   * listeners of `watch` before it returns. If that takes a while it returns a promise, until which nothing that is
   * remembered is believed. It is called once a second when requests come: a process that stood still (a paused
   * container, a machine that slept) must not go on with what it knew.
   */
  catchUp?(): MaybePromise<void>;
  /** Releases files, connections and timers; a process that closed its stores can exit. */
  close?(): MaybePromise<void>;
}

/** Which users to list. */
export interface ListOptions {
  /** A pattern over names in the syntax of Go's `path.Match`; all users when empty or left out. */
  readonly pattern?: string | undefined;
  /** How many matching users to skip; 0 when left out. */
  readonly offset?: number | undefined;
  /** How many users to return at most; all when left out. */
  readonly limit?: number | undefined;
  /** Asks a store that answers at once, which takes long for many users, to leave others their turn meanwhile. */
  readonly inTurns?: boolean | undefined;
  /**
   * Called with each user of this part of the list who is damaged, and who is then left out: `offset` and `limit` count such
   * users too. If it is left out, the store refuses the list instead.
   */
  readonly onUnusable?: ((user: UnusableUser) => void) | undefined;
  /** Asks for the users as they are at one moment, however many change while the list is made; a store that reads it in parts may mix two. */
  readonly snapshot?: boolean | undefined;
}

/** What of a user changes; what is left out stays. */
export type UserChanges = Partial<Pick<StoredUser, 'type' | 'hash' | 'permissions'>>;

/** A user to be put into a store among others. */
export interface UserToPut {
  /** Added as this if there is none of the name. */
  readonly user: StoredUser;
  /** What changes if there is one; that there is one refuses everything when left out. */
  readonly changes?: UserChanges | undefined;
}

/** What putting a user came to. */
export interface UserPut {
  /** As it was; undefined if it was added. */
  readonly before: StoredUser | undefined;
  /** As it is now. */
  readonly after: StoredUser;
}

/** How a user is added. */
export interface CreateOptions {
  /** The name of the user who makes the change, whom `check` is to be given. */
  readonly actor?: string | undefined;
  /**
   * Called inside the change, before anything is changed: what it throws refuses the change. Who judges earlier judges what
   * others may change in between. It is called again if the change has to begin anew.
   *
   * @param actor - the user named by `actor` as of the change itself; undefined if there is none any more
   */
  readonly check?: ((actor: StoredUser | undefined) => void) | undefined;
}

/** How an existing user is changed or deleted. */
export interface ChangeOptions {
  /** Allow the last admin to be deleted or demoted; false when left out. */
  readonly force?: boolean | undefined;
  /** The name of the user who makes the change, whom `check` is to be given. */
  readonly actor?: string | undefined;
  /**
   * Called inside the change, before anything is changed: what it throws refuses the change. Who judges earlier judges what
   * others may change in between. It is called again if the change has to begin anew, and not at all if there is no user to change.
   *
   * @param user - the user that is to change, as of the change itself
   * @param actor - the user named by `actor` as of the change itself; undefined if there is none any more
   */
  readonly check?: ((user: StoredUser, actor: StoredUser | undefined) => void) | undefined;
  /** Allow a user to be deleted who is damaged, so that `check` can't judge it; false when left out. */
  readonly unusable?: boolean | undefined;
}

/**
 * Where users are looked up and kept.
 *
 * Changes are acknowledged (resolve) only once they are durable; two processes that change users at
 * once lose nothing; each change is whole or not at all.
 */
export interface UserStore extends UserSource {
  /** Users by name in the order of their UTF-8 bytes. @throws InvalidRequestError for a bad pattern. */
  list(options?: ListOptions): MaybePromise<readonly StoredUser[]>;
  /** Adds a user. @throws UserConflictError (`ERR_KAUTH_USER_EXISTS`) when the name is taken. */
  create(user: StoredUser, options?: CreateOptions): MaybePromise<StoredUser>;
  /**
   * Changes a user and returns it as it is now.
   * @throws UserNotFoundError; UserConflictError (`ERR_KAUTH_LAST_ADMIN`) when no admin would be left.
   */
  update(name: string, changes: UserChanges, options?: ChangeOptions): MaybePromise<StoredUser>;
  /**
   * Removes a user; false when there was none.
   * @throws UserConflictError (`ERR_KAUTH_LAST_ADMIN`) when no admin would be left.
   */
  delete(name: string, options?: ChangeOptions): MaybePromise<boolean>;
  /**
   * Adds and changes users in one change: all or none. A store that can't leaves it out.
   * @throws UserConflictError when a name is taken (`ERR_KAUTH_USER_EXISTS`), or no admin would be left (`ERR_KAUTH_LAST_ADMIN`).
   */
  putAll?(users: readonly UserToPut[]): MaybePromise<readonly UserPut[]>;
  /** Replaces a user's hash only while it still is `expected`; false otherwise. */
  replaceHash(name: string, expected: string, replacement: string): MaybePromise<boolean>;
}

/** Whether users can be changed in a source. */
export function isUserStore(source: UserSource): source is UserStore {
  const methods = ['list', 'create', 'update', 'delete', 'replaceHash'] as const;
  return methods.every(
    (method) => method in source && typeof Reflect.get(source, method) === 'function',
  );
}
