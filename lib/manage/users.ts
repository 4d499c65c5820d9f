import type { GuardedStore } from '../authenticate/guarded-store.js';
import type { Passwords } from '../authenticate/passwords/passwords.js';
import { MisuseError } from '../errors.js';
import type { UserChangedEvent, UserGrants } from '../observe/events.js';
import type { Permission } from '../privileges/permission.js';
import type { UserType } from '../privileges/user.js';
import { checkNewUserName } from '../stores/rules/user-name.js';
import type { UnusableUser } from '../stores/subscription-store.js';
import type {
  ChangeOptions,
  CreateOptions,
  ListOptions,
  StoredUser,
  UserChanges,
  UserStore,
  UserToPut,
} from '../stores/user-store.js';
import { mapInTurns } from '../turns.js';
import type { ChangeActor, UserChange } from './user-changes.js';
import { differences, grantsOf, noteBefore, USER_FIELDS } from './user-changes.js';
import { checkGrants, checkNewUser, checkSecret, checkUpdate } from './validate-user.js';

/** A user as it is shown: without the hash. */
export interface UserInfo {
  /** Names are compared byte by byte. */
  readonly name: string;
  /** `admin` may do everything. */
  readonly type: UserType;
  /** The permissions granted; none for an administrator, who needs none. */
  readonly permissions: readonly Permission[];
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
  Pick<NewUser, 'type' | 'permissions'>;

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
    return user && show(user);
  }

  /**
   * Users by name, without damaged ones (see `onUnusable`).
   *
   * @throws InvalidRequestError for a bad pattern, offset or limit
   */
  async list(options: ListOptions = {}): Promise<readonly UserInfo[]> {
    return mapInTurns(await this.#list(options), show);
  }

  /**
   * Users with their hashes as they are at one moment (unless `snapshot` is false), to keep them
   * elsewhere. Anybody who sees a hash can try passwords on it.
   *
   * @throws InvalidRequestError for a bad pattern, offset or limit
   */
  async listWithHashes(options: ListOptions = {}): Promise<readonly StoredUser[]> {
    return mapInTurns(await this.#list({ snapshot: true, ...options }), (user) =>
      Object.freeze({ ...show(user), hash: user.hash }),
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
    checkGrants(user);
  }

  /**
   * Adds a user, with a password or with the bcrypt hash of one.
   *
   * @throws InvalidRequestError if something can't be used; UserConflictError
   *   (`ERR_KAUTH_USER_EXISTS`)
   */
  async create(user: NewUser, options?: CreateOptions): Promise<UserInfo> {
    this.check(user);
    const { name, type = 'normal', permissions = [] } = user;
    const grants = checkGrants({ type, permissions });
    await this.#guarded.ready();
    const hash = user.hash ?? (await this.#passwords.hash(user.password, LANE));
    const stored = { name, type, permissions: [], ...grants, hash };
    const made = show(await this.#guarded.change(name, () => this.#store.create(stored, options)));
    this.#changed(name, 'created', { after: grantsOf(made), fields: USER_FIELDS });
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
    const grants = checkGrants(update);
    await this.#guarded.ready();
    const { password } = update;
    const hash = password === undefined ? update.hash : await this.#passwords.hash(password, LANE);
    const changes: UserChanges = hash === undefined ? grants : { ...grants, hash };
    const noting = noteBefore(options);
    const changed = await this.#guarded.change(name, () =>
      this.#store.update(name, changes, noting.options),
    );
    const [before, after] = [noting.before(), grantsOf(changed)];
    const fields = differences(before, after, { withPassword: hash !== undefined });
    if (fields.length > 0) this.#changed(name, 'updated', { before, after, fields });
    return show(changed);
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
      this.#changed(name, 'deleted', { before: noting.before(), fields: USER_FIELDS });
    }
    return isDeleted;
  }

  #toPut(user: HashedUser, update: boolean): UserToPut {
    this.check(user);
    const { name, hash, type, permissions } = user;
    const given = checkGrants({ type, permissions });
    const added = { name, type: 'normal', permissions: [], ...given, hash } as const;
    return { user: added, ...(update && { changes: { ...given, hash } }) };
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

function show(user: StoredUser): UserInfo {
  return Object.freeze({ name: user.name, ...grantsOf(user) });
}
