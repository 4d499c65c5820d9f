import { InvalidRequestError } from '../errors.js';
import { PERMISSIONS, canonicalPermissions, isPermission } from '../privileges/permission.js';
import type { Permission } from '../privileges/permission.js';
import { checkUserName } from '../stores/user-name.js';
import type {
  ChangeOptions,
  ListOptions,
  StoredUser,
  UserChanges,
  UserStore,
  UserType,
} from '../stores/user-store.js';
import { checkPassword } from '../stores/password-policy.js';
import type { Passwords } from './passwords.js';

/** A user as it is shown: without its hash. */
export interface UserInfo {
  /** Compared byte by byte. */
  readonly name: string;
  /** `admin` may do everything. */
  readonly type: UserType;
  /** What was granted; none for an administrator, who needs none. */
  readonly permissions: readonly Permission[];
}

/** A user to be made. */
export interface NewUser {
  /** Letters of any script, 0-9, `-`, `.`, `_`, `@`. */
  readonly name: string;
  /** 1 to 72 bytes of UTF-8. */
  readonly password: string;
  /** `normal` when left out. */
  readonly type?: UserType | undefined;
  /** None when left out; an administrator needs none. */
  readonly permissions?: readonly Permission[] | undefined;
}

/** What of a user is to change; what is left out stays. */
export type UserUpdate = Partial<Omit<NewUser, 'name'>>;

/** Work for hashes that are made here waits apart from clients. */
const LANE = 'users';

/**
 * The users of a store: the way to manage them from code (`auth.users`).
 *
 * All methods reject with a StoreUnavailableError where the store can't answer.
 *
 * @example
 * ```ts
 * await auth.users?.create({ name: 'amy', password: 'correct horse', permissions: ['api'] });
 * ```
 */
export class Users {
  readonly #store: UserStore;
  readonly #passwords: Passwords;
  readonly #ready: () => Promise<void>;

  constructor(store: UserStore, passwords: Passwords, ready: () => Promise<void>) {
    this.#store = store;
    this.#passwords = passwords;
    this.#ready = ready;
  }

  /** The user of exactly this name, or undefined. */
  async get(name: string): Promise<UserInfo | undefined> {
    await this.#ready();
    const user = await this.#store.find(name);
    return user && show(user);
  }

  /** Users by name. @throws InvalidRequestError for a bad pattern, offset or limit */
  async list(options: ListOptions = {}): Promise<readonly UserInfo[]> {
    await this.#ready();
    return (await this.#store.list(options)).map(show);
  }

  /**
   * Adds a user.
   *
   * @throws InvalidRequestError when something can't be used; UserConflictError (`ERR_KAUTH_USER_EXISTS`)
   */
  async create({ name, password, type = 'normal', permissions = [] }: NewUser): Promise<UserInfo> {
    checkUserName(name);
    checkPassword(password);
    const grants = checkGrants({ type, permissions });
    await this.#ready();
    const hash = await this.#passwords.hash(password, LANE);
    return show(await this.#store.create({ name, type, permissions: [], ...grants, hash }));
  }

  /**
   * Changes a user; the user's next request is judged by it.
   *
   * @throws InvalidRequestError; UserNotFoundError; UserConflictError (`ERR_KAUTH_LAST_ADMIN`) unless `force`
   */
  async update(name: string, update: UserUpdate, options?: ChangeOptions): Promise<UserInfo> {
    const { password, ...rest } = update;
    if (password !== undefined) checkPassword(password);
    const grants = checkGrants(rest);
    await this.#ready();
    const changes: UserChanges =
      password === undefined
        ? grants
        : { ...grants, hash: await this.#passwords.hash(password, LANE) };
    return show(await this.#store.update(name, changes, options));
  }

  /**
   * Removes a user; false when there was none.
   *
   * @throws UserConflictError (`ERR_KAUTH_LAST_ADMIN`) unless `force`
   */
  async delete(name: string, options?: ChangeOptions): Promise<boolean> {
    await this.#ready();
    return this.#store.delete(name, options);
  }
}

function show({ name, type, permissions }: StoredUser): UserInfo {
  const shown = type === 'admin' ? [] : canonicalPermissions(permissions);
  return Object.freeze({ name, type, permissions: Object.freeze([...shown]) });
}

/**
 * Judges type and permissions, also of callers whose compiler didn't. An administrator's permissions are not kept: there is
 * nothing that they could add.
 */
function checkGrants({
  type,
  permissions,
}: Pick<UserUpdate, 'type' | 'permissions'>): Pick<UserChanges, 'type' | 'permissions'> {
  const types: readonly unknown[] = [undefined, 'admin', 'normal'];
  if (!types.includes(type)) refuse(`type must be "admin" or "normal", not ${quote(type)}`);
  for (const permission of permissions ?? []) {
    if (isPermission(permission)) continue;
    refuse(`${quote(permission)} is no permission; accepted are ${PERMISSIONS.join(', ')}`);
  }
  if (type === 'admin') return { type, permissions: [] };
  return {
    ...(type !== undefined && { type }),
    ...(permissions !== undefined && { permissions: canonicalPermissions(permissions) }),
  };
}

function quote(value: unknown): string {
  return JSON.stringify(value);
}

function refuse(problem: string): never {
  throw new InvalidRequestError('ERR_KAUTH_INVALID_REQUEST', problem);
}
