import type { GuardedStore } from '../authenticate/guarded-store.js';
import type { Passwords } from '../authenticate/passwords/passwords.js';
import { MisuseError } from '../errors.js';
import type { UserChangedEvent, UserGrants } from '../observe/events.js';
import { addGrants, removeGrants } from '../privileges/grant-changes.js';
import type { ListOptions } from '../stores/list-options.js';
import { checkNewUserName } from '../stores/rules/user-name.js';
import type { UnusableUser } from '../stores/subscription-store.js';
import type {
  ChangeOptions,
  CreateOptions,
  StoredUser,
  UserStore,
  UserToPut,
} from '../stores/user-store.js';
import { mapInTurns } from '../turns.js';
import { keepableRights } from './keepable-rights.js';
import { endingSessions, newSessions } from './new-sessions.js';
import { regrant } from './regrant.js';
import { showTimes, showUser } from './show-user.js';
import type { ChangeActor, UserChange } from './user-changes.js';
import { differences, fieldsOf, grantsOf, noteBefore } from './user-changes.js';
import type {
  HashedUser,
  NewUser,
  PutNames,
  UserInfo,
  UserListOptions,
  UserUpdate,
} from './user-forms.js';
import { checkGrants, checkNewUser, checkSecret, checkUpdate } from './validate-user.js';

export interface UsersParts {
  readonly store: UserStore;
  readonly passwords: Passwords;
  /** The guard of the store. */
  readonly guarded: Pick<GuardedStore, 'ready' | 'manage' | 'change' | 'tellUnusable'>;
  /** Called with each change once it is made. */
  readonly changed?: ((event: UserChangedEvent) => void) | undefined;
  readonly actor?: ChangeActor | undefined;
}

const CAN_NOT_PUT =
  'this store can not change several users at once: it has no method putAll. Change them one after another';

const CAN_NOT_RENAME =
  'this store can not rename a user: it has no method rename. Add a user of the new name, and delete the old one';

/** Hashing for these users waits in a lane apart from those of clients. */
const LANE = 'users';

/**
 * The users of a store, to manage them from code (`auth.users`).
 *
 * All methods reject with a StoreUnavailableError if the store can't answer.
 *
 * @example
 * ```ts
 * await auth.users?.create({ name: 'amy', password: 'correct horse', permissions: ['api'] });
 * ```
 */
export class Users {
  readonly #parts: UsersParts;
  readonly #store: UserStore;
  readonly #passwords: Passwords;
  readonly #guarded: Pick<GuardedStore, 'ready' | 'manage' | 'change' | 'tellUnusable'>;

  constructor(parts: UsersParts) {
    this.#parts = parts;
    this.#store = parts.store;
    this.#passwords = parts.passwords;
    this.#guarded = parts.guarded;
  }

  /**
   * The same users; `userChanged` names `actor` as the maker of the changes that are made through
   * them.
   */
  by(actor: ChangeActor): Users {
    return new Users({ ...this.#parts, actor });
  }

  /** The user of exactly this name, or undefined. */
  async get(name: string): Promise<UserInfo | undefined> {
    const user = await this.#guarded.manage(() => this.#store.find(name));
    return user && showUser(user);
  }

  /**
   * Users by name, without damaged ones (see `onUnusable`).
   *
   * @throws InvalidRequestError for a bad pattern, offset or limit
   */
  async list({ times, ...options }: UserListOptions = {}): Promise<readonly UserInfo[]> {
    return mapInTurns(await this.#list(options), times === true ? showTimes : showUser);
  }

  /**
   * Users with their hashes as they are at one moment (unless `snapshot` is false), to keep them
   * elsewhere. Anybody who sees a hash can try passwords on it.
   *
   * @throws InvalidRequestError for a bad pattern, offset or limit
   */
  async listWithHashes(options: ListOptions = {}): Promise<readonly StoredUser[]> {
    return mapInTurns(await this.#list({ snapshot: true, ...options }), (user) =>
      Object.freeze({ ...showTimes(user), hash: user.hash }),
    );
  }

  /**
   * Checks a user without adding it. Refuses all that {@link Users.create} refuses regardless of
   * other users.
   *
   * @throws InvalidRequestError if something can't be used; MisuseError for a key that a user
   *   doesn't have
   */
  check(user: NewUser): void {
    checkNewUser(user);
    checkNewUserName(user.name);
    const { hash, password = hash === undefined ? '' : undefined } = user;
    checkSecret({ hash, password }, this.#passwords.cost);
    keepableRights(checkGrants(user), this.#store);
  }

  /**
   * Adds a user, with a password or with the bcrypt hash of one.
   *
   * @throws InvalidRequestError if something can't be used; UserConflictError
   *   (`ERR_KAUTH_USER_EXISTS`)
   */
  async create(user: NewUser, options?: CreateOptions): Promise<UserInfo> {
    this.check(user);
    const { name, type = 'normal', permissions = [], grants, disabled, created } = user;
    const given = checkGrants({ type, permissions, grants, disabled });
    const rights = keepableRights(given, this.#store);
    await this.#guarded.ready();
    const hash = user.hash ?? (await this.#passwords.hash(user.password, LANE));
    const stored = { name, type, permissions: [], ...rights, hash, ...(created && { created }) };
    const made = showUser(
      await this.#guarded.change(name, () => this.#store.create(stored, options)),
    );
    this.#changed(name, 'created', { after: grantsOf(made), fields: fieldsOf(made) });
    return made;
  }

  /**
   * Adds users, and changes those that exist, in one change: all or none.
   *
   * @param users - with the hashes of their passwords; each name at most once
   * @param update - true changes users that exist; otherwise one that exists refuses everything
   * @throws InvalidRequestError; UserConflictError; MisuseError if the app's own store has no
   *   `putAll`
   */
  async putAll(
    users: readonly HashedUser[],
    { update = false }: { readonly update?: boolean } = {},
  ): Promise<PutNames> {
    const put = this.#store.putAll?.bind(this.#store);
    if (put === undefined) throw new MisuseError(CAN_NOT_PUT);
    const toPut = users.map((user) => this.#toPut(user, update));
    await this.#guarded.ready();
    const added: string[] = [];
    const updated: string[] = [];
    for (const { before, after } of await this.#guarded.change(undefined, () => put(toPut))) {
      (before === undefined ? added : updated).push(after.name);
      this.#tellOfPut(before && grantsOf(before), after);
    }
    return { added, updated };
  }

  /**
   * Changes a user. The change applies from the user's next request.
   *
   * @throws InvalidRequestError; UserNotFoundError; UserConflictError (`ERR_KAUTH_LAST_ADMIN`)
   *   unless `force`
   */
  async update(name: string, update: UserUpdate, options?: ChangeOptions): Promise<UserInfo> {
    checkUpdate(update);
    checkSecret(update, this.#passwords.cost);
    const grants = keepableRights(checkGrants(update), this.#store);
    await this.#guarded.ready();
    const { password } = update;
    const hash = password === undefined ? update.hash : await this.#passwords.hash(password, LANE);
    const given = hash === undefined ? grants : { ...grants, hash };
    const changes = await this.#guarded.manage(() => endingSessions(given, this.#store, name));
    const noting = noteBefore(options, changes);
    const changed = await this.#guarded.change(name, () =>
      this.#store.update(name, changes, noting.options),
    );
    const [before, after] = [noting.before(), grantsOf(changed)];
    const fields = differences(before, after, { withPassword: hash !== undefined });
    if (fields.length > 0) this.#changed(name, 'updated', { before, after, fields });
    return showUser(changed);
  }

  /**
   * Gives a user grants beside those that it has.
   *
   * @param grants - such as `write:database/telegraf`
   * @throws InvalidRequestError; UserNotFoundError
   */
  grant(name: string, grants: readonly string[], options?: ChangeOptions): Promise<UserInfo> {
    return regrant(this, name, (held) => addGrants(held, grants), options);
  }

  /**
   * Takes grants from a user: of `read,write:tasks`, `write:tasks` leaves `read:tasks`.
   *
   * @throws InvalidRequestError, also for a grant that the user doesn't have; UserNotFoundError
   */
  revoke(name: string, grants: readonly string[], options?: ChangeOptions): Promise<UserInfo> {
    return regrant(this, name, (held) => removeGrants(held, grants), options);
  }

  /**
   * Ends all sessions of a user on pages, for all processes: the user must log in again there. The
   * password stays, and so do tokens.
   *
   * @throws UserNotFoundError; MisuseError if the app's own store does not keep `sessions`
   */
  async endSessions(name: string, options?: ChangeOptions): Promise<UserInfo> {
    const changes = newSessions(this.#store);
    const noting = noteBefore(options);
    const changed = await this.#guarded.change(name, () =>
      this.#store.update(name, changes, noting.options),
    );
    const [before, after] = [noting.before(), grantsOf(changed)];
    this.#changed(name, 'updated', { before, after, fields: ['sessions'] });
    return showUser(changed);
  }

  /**
   * Gives a user another name; all else stays. Sessions and tokens of the old name end.
   *
   * @throws UserNotFoundError; UserConflictError (`ERR_KAUTH_USER_EXISTS`); InvalidRequestError;
   *   MisuseError if the app's own store has no `rename`
   */
  async rename(name: string, to: string, options?: ChangeOptions): Promise<UserInfo> {
    const rename = this.#store.rename?.bind(this.#store);
    if (rename === undefined) throw new MisuseError(CAN_NOT_RENAME);
    checkNewUserName(to);
    const { options: noting, before } = noteBefore(options);
    const renamed = await this.#guarded.change(undefined, () => rename(name, to, noting));
    const after = grantsOf(renamed);
    this.#changed(name, 'renamed', { before: before(), after, fields: ['name'], renamedTo: to });
    return showUser(renamed);
  }

  /**
   * Removes a user; false if there was none.
   *
   * @throws UserConflictError (`ERR_KAUTH_LAST_ADMIN`) unless `force`
   */
  async delete(name: string, options?: ChangeOptions): Promise<boolean> {
    const noting = noteBefore(options);
    // A damaged user may be remembered under another name than the one that is shown.
    const changed = options?.unusable === true ? undefined : name;
    const isDeleted = await this.#guarded.change(changed, () =>
      this.#store.delete(name, noting.options),
    );
    if (isDeleted) {
      const before = noting.before();
      this.#changed(name, 'deleted', { before, fields: fieldsOf(before) });
    }
    return isDeleted;
  }

  #toPut(user: HashedUser, update: boolean): UserToPut {
    this.check(user);
    const { name, hash, created } = user;
    const given = keepableRights(checkGrants(user), this.#store);
    const added = { name, type: 'normal', permissions: [], ...given, hash } as const;
    const dated = created === undefined ? added : { ...added, created };
    return { user: dated, ...(update && { changes: { ...given, hash } }) };
  }

  #tellOfPut(before: UserGrants | undefined, user: StoredUser): void {
    const after = grantsOf(user);
    const change = before === undefined ? 'created' : 'updated';
    const fields = differences(before, after, { withPassword: true });
    this.#changed(user.name, change, { ...(before && { before }), after, fields });
  }

  #list(options: ListOptions): Promise<readonly StoredUser[]> {
    const onUnusable = (user: UnusableUser): void => {
      this.#guarded.tellUnusable(user);
      options.onUnusable?.(user);
    };
    return this.#guarded.manage(() => this.#store.list({ ...options, inTurns: true, onUnusable }));
  }

  #changed(user: string, change: UserChangedEvent['change'], details: UserChange): void {
    const { changed, actor } = this.#parts;
    changed?.({ user, change, ...details, actor: actor?.name, address: actor?.address });
  }
}
