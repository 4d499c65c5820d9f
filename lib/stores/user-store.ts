import type { MaybePromise } from '../maybe-promise.js';
import type { Permission } from '../privileges/permission.js';
import type { Privileges } from '../privileges/privileges.js';
import type { UserType } from '../privileges/user.js';
import type { EndedSessions } from './ended-sessions.js';
import type { ThrottleStore } from './failure-counter.js';
import type { ListOptions } from './list-options.js';
import type { SubscriptionStore } from './subscription-store.js';

/** A user as a store holds it. */
export interface StoredUser {
  /** Compared byte by byte: case matters, and so does the Unicode normal form. */
  readonly name: string;
  /** `admin` if the user may do everything. */
  readonly type: UserType;
  /**
   * A bcrypt hash (`$2a$`, `$2b$` or `$2y$`); empty if only {@link UserSource.verify} can check the
   * password.
   */
  readonly hash: string;
  /** The permissions granted, in Kapacitor's terms for local users. */
  readonly permissions: readonly Permission[];
  /**
   * The grants beside the permissions, such as `write:database/telegraf`; none if left out. An
   * administrator has none, nor does a user with `privileges`.
   */
  readonly grants?: readonly string[] | undefined;
  /** True if every login is refused, and no token or session counts; false if left out. */
  readonly disabled?: boolean | undefined;
  /** The time at which the user was added (ISO 8601 in UTC); left out if it is unknown. */
  readonly created?: string | undefined;
  /**
   * The time of the last change (ISO 8601 in UTC); left out if it is unknown. A hash that is
   * renewed at a login is no change.
   */
  readonly changed?: string | undefined;
  /**
   * A random text that all sessions of the user on pages are bound to: once it changes, they are
   * over. Left out until all of them were ended for the first time.
   */
  readonly sessions?: string | undefined;
  /**
   * The rights of the user, if the source knows more than `permissions` can say (a meta node's
   * scopes).
   */
  readonly privileges?: Privileges;
  /**
   * The time at which the oldest part of this user was asked for, in milliseconds of
   * `performance.now()`. A source sets it if it composes users from answers that it got before the
   * look-up: the user is as old as that, and expires earlier.
   */
  readonly asOf?: number;
}

/** Options of a look-up. */
export interface FindOptions {
  /** If true, the source should pass over any cache of its own. */
  readonly fresh?: boolean;
  /**
   * The time at which the caller gives up, in milliseconds of `performance.now()`; never if left
   * out.
   */
  readonly until?: number;
}

/** Called with the name of a user who changed, or with nothing if any user may have changed. */
export type UserChangeListener = (name?: string) => void;

/**
 * Looks users up. A store of your own must have at least `find`.
 *
 * A method that can't answer rejects (or throws) with a `StoreUnavailableError`: it must never
 * report a user as absent because it could not look.
 */
export interface UserSource {
  /** Shown as `req.user.source`; `local` if left out. */
  readonly source?: 'local' | 'meta';
  /**
   * The highest bcrypt cost among the users' hashes, so that a login with an unknown name can cost
   * as much; 0 or absent if unknown.
   */
  readonly hashCost?: number;
  /**
   * True if a user found earlier may be out of date without notice: if there is no `watch`, or if
   * its news may be late. A password that fails is then tried once more against a fresh copy, so a
   * new password works at once.
   */
  readonly mayBeStale?: boolean;
  /**
   * The time until which what was found earlier may be believed, in milliseconds of
   * `performance.now()`; always if left out. A source that learns of changes over a connection sets
   * it from the last proof that the connection is alive, counted from when it asked for the proof.
   * It is read at each use of a memory, so a process that stood still believes nothing that it
   * could not prove. Reading it must cost nothing.
   *
   * Once this time is past, every name is asked for anew, and `auth.stale-if-error` counts from it.
   * So a source that loses its connection leaves the time as it is, or sets the present time, never
   * an earlier one. If it may have missed a change, it calls the listeners of `watch` without a
   * name before it sets a later time.
   */
  readonly freshUntil?: number;
  /** The subscription tokens, if the source keeps any; if left out, all are refused. */
  readonly subscriptions?: SubscriptionStore | undefined;
  /**
   * Makes counters of failed logins that all processes on this source share; if left out, each
   * process counts for itself. `throttle.store` decides if they are used.
   */
  readonly failures?: ThrottleStore | undefined;
  /**
   * The sessions on pages that were ended by a log-out, for all processes on this source; if left
   * out, a process that shares its key with others ends all sessions of the user instead.
   */
  readonly endedSessions?: EndedSessions | undefined;
  /**
   * Prepares the source. It is called before the first look-up, and again after it failed. A second
   * call does no harm.
   */
  open?(): MaybePromise<void>;
  /**
   * Rejects (or throws) while users can't be looked up; health checks call it. If left out, an open
   * source counts as healthy.
   */
  check?(): MaybePromise<void>;
  /** Finds the user of exactly this name; undefined if there is none. */
  find(name: string, options?: FindOptions): MaybePromise<StoredUser | undefined>;
  /** Verifies the password of a user whose `hash` is empty. */
  verify?(name: string, password: string): MaybePromise<boolean>;
  /**
   * Calls `listener` after each change: for a change by this process at once, before it is
   * acknowledged; for a change by another process soon, within a second if the source promises
   * nothing better (`within` of the store contract). Returns a function that stops the calls.
   *
   * News may be on its way while a user logs in with a new password. If that may take as long as a
   * user notices, the source sets `mayBeStale` too. A source that may miss news has `freshUntil`;
   * when it connects again, it begins to listen first, then looks, then calls `listener` without a
   * name, and only then is fresh: in this order nothing falls between.
   */
  watch?(listener: UserChangeListener): () => void;
  /**
   * Looks for changes by others now and tells the listeners of `watch` before it returns. A source
   * needs it if it looks for changes from time to time; if it did so within the last second, it has
   * nothing to do.
   *
   * If the look takes a while, it returns a promise; until that resolves, nothing remembered is
   * believed. It is called once a second while requests come: a process that stood still (a paused
   * container, a machine that slept) must not go on with old knowledge.
   *
   * @param options - `now`: somebody told of a change, so it looks even if it has just done so. A
   *   source whose `find` always sees the last change has nothing to do.
   */
  catchUp?(options?: CatchUpOptions): MaybePromise<void>;
  /** Releases files, connections and timers; a process that closed its stores can exit. */
  close?(): MaybePromise<void>;
}

/** Options of `catchUp`. */
export interface CatchUpOptions {
  /** If true, the source looks however short a time ago it did so; false if left out. */
  readonly now?: boolean | undefined;
}

/** The properties of a user to change; those left out stay. */
export type UserChanges = Partial<
  Pick<StoredUser, 'type' | 'hash' | 'permissions' | 'grants' | 'disabled' | 'sessions'>
>;

/** A user for `putAll`. */
export interface UserToPut {
  /** The user to add, if there is none of this name. */
  readonly user: StoredUser;
  /**
   * The changes, if there is a user of this name. If left out, such a user refuses the whole
   * change.
   */
  readonly changes?: UserChanges | undefined;
}

/** The outcome of `putAll` for one user. */
export interface UserPut {
  /** The user before; undefined if the user was added. */
  readonly before: StoredUser | undefined;
  /** The user now. */
  readonly after: StoredUser;
}

/** Options of `create`. */
export interface CreateOptions {
  /** The name of the user who makes the change; `check` gets that user. */
  readonly actor?: string | undefined;
  /**
   * Called inside the change, before anything changes; an error that it throws refuses the change.
   * A check made earlier could be out of date by now, as others may change users in between. It is
   * called again if the change has to begin anew.
   *
   * @param actor - the user named by `actor`, at the time of the change; undefined if there is none
   */
  readonly check?: ((actor: StoredUser | undefined) => void) | undefined;
}

/** Options of `update`, `rename` and `delete`. */
export interface ChangeOptions {
  /** If true, the last enabled admin may be deleted, demoted or disabled; false if left out. */
  readonly force?: boolean | undefined;
  /** The name of the user who makes the change; `check` gets that user. */
  readonly actor?: string | undefined;
  /**
   * Called inside the change, before anything changes; an error that it throws refuses the change.
   * A check made earlier could be out of date by now, as others may change users in between. It is
   * called again if the change has to begin anew, and not at all if there is no user to change.
   *
   * @param user - the user to change, at the time of the change
   * @param actor - the user named by `actor`, at the time of the change; undefined if there is none
   */
  readonly check?: ((user: StoredUser, actor: StoredUser | undefined) => void) | undefined;
  /**
   * If true, a damaged user may be deleted, though `check` can't judge them: by the name that
   * `onUnusable` was called with. False if left out.
   */
  readonly unusable?: boolean | undefined;
}

/**
 * Looks users up, and keeps them.
 *
 * A change is acknowledged (resolves) only once it is durable. Each change is whole or not at all,
 * and two processes that change users at once lose nothing.
 */
export interface UserStore extends UserSource {
  /**
   * True if the store keeps the grants of users. Otherwise nobody can be given any, as they would
   * be lost.
   */
  readonly keepsGrants?: boolean;
  /**
   * True if the store keeps who is disabled, and counts only enabled admins when it looks for the
   * last one. Otherwise nobody can be disabled.
   */
  readonly keepsDisabled?: boolean;
  /** True if the store keeps `sessions` of users. Otherwise they can't be ended all at once. */
  readonly keepsSessions?: boolean;
  /**
   * Lists users by name, in the order of the UTF-8 bytes.
   *
   * @throws InvalidRequestError for a bad pattern
   */
  list(options?: ListOptions): MaybePromise<readonly StoredUser[]>;
  /**
   * Adds a user. A store that keeps times sets `changed`, and `created` unless it is given.
   *
   * @throws UserConflictError (`ERR_KAUTH_USER_EXISTS`) if the name is taken
   */
  create(user: StoredUser, options?: CreateOptions): MaybePromise<StoredUser>;
  /**
   * Changes a user and returns the changed user.
   *
   * @throws UserNotFoundError if there is no such user; UserConflictError (`ERR_KAUTH_LAST_ADMIN`)
   *   if no enabled admin would be left
   */
  update(name: string, changes: UserChanges, options?: ChangeOptions): MaybePromise<StoredUser>;
  /**
   * Removes a user; returns false if there was none.
   *
   * @throws UserConflictError (`ERR_KAUTH_LAST_ADMIN`) if no enabled admin would be left
   */
  delete(name: string, options?: ChangeOptions): MaybePromise<boolean>;
  /**
   * Adds and changes users in one change: all or none. A store that can't do so leaves the method
   * out.
   *
   * @throws UserConflictError if a name is taken (`ERR_KAUTH_USER_EXISTS`), or no admin would be
   *   left (`ERR_KAUTH_LAST_ADMIN`); InvalidRequestError for a user that can't be kept
   */
  putAll?(users: readonly UserToPut[]): MaybePromise<readonly UserPut[]>;
  /**
   * Gives a user another name in one change; all else stays, but for the time of the change. A
   * store that can't do so leaves the method out.
   *
   * @throws UserNotFoundError if there is no such user; UserConflictError
   *   (`ERR_KAUTH_USER_EXISTS`) if the new name is taken; InvalidRequestError if it can't be a name
   */
  rename?(name: string, to: string, options?: ChangeOptions): MaybePromise<StoredUser>;
  /** Replaces a user's hash if it still is `expected`; returns false otherwise. */
  replaceHash(name: string, expected: string, replacement: string): MaybePromise<boolean>;
}

/** Puts an object around a source; what it returns is used in the place of the source. */
export type WrapStore = (source: UserSource) => UserSource;

/** Returns true if the users of a source can be changed. */
export function isUserStore(source: UserSource): source is UserStore {
  const methods = ['list', 'create', 'update', 'delete', 'replaceHash'] as const;
  return methods.every(
    (method) => method in source && typeof Reflect.get(source, method) === 'function',
  );
}
