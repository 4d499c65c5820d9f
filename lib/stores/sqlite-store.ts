import { resolve } from 'node:path';
import { UserNotFoundError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { MaybePromise } from '../maybe-promise.js';
import type { EndedSessions } from './ended-sessions.js';
import type { ListOptions } from './list-options.js';
import { ChangeListeners } from './rules/change-listeners.js';
import { changedUser, newUser, renamedUser } from './rules/changed-user.js';
import { isEnabledAdmin } from './rules/enabled-admin.js';
import { LastLook } from './rules/last-look.js';
import { putUser } from './rules/put-user.js';
import { canonicalUser } from './rules/stored-user.js';
import { UnusableUserError } from './rules/unusable-user.js';
import { lastAdmin, userExists } from './rules/user-conflict.js';
import { checkNewUserName } from './rules/user-name.js';
import { CurrentTable } from './sqlite/current-table.js';
import { isBusy } from './sqlite/failure.js';
import { PatientLine } from './sqlite/patient-line.js';
import { SqliteEndedSessions } from './sqlite/sqlite-ended-sessions.js';
import { SqliteSubscriptions } from './sqlite/sqlite-subscriptions.js';
import type { UserTable } from './sqlite/user-table.js';
import type { SubscriptionStore } from './subscription-store.js';
import type {
  ChangeOptions,
  CreateOptions,
  StoredUser,
  UserChangeListener,
  UserChanges,
  UserPut,
  UserStore,
  UserToPut,
} from './user-store.js';

/** Milliseconds between two looks for changes by other processes, while somebody watches. */
const POLL_INTERVAL = 250;

/** Options of a {@link SqliteUserStore}. */
export interface SqliteUserStoreOptions {
  /**
   * Logs when others may read the file (if left out, the process warns of it), and when another
   * database took the place of the file.
   */
  readonly logger?: Logger | undefined;
}

/**
 * Users in a SQLite database, which any number of processes of one machine may use at once.
 *
 * A change is acknowledged once it is on disk, so it outlives a crash of the process and of the
 * machine. The file is made with mode 0600. SQLite keeps its log beside it (`-wal`, `-shm`), and
 * must be able to write there even to read. If only the file itself can't be written, users are
 * found and listed, and changes fail with a StoreUnavailableError.
 */
export class SqliteUserStore implements UserStore {
  readonly keepsGrants = true;
  readonly keepsDisabled = true;
  readonly keepsSessions = true;
  readonly subscriptions: SubscriptionStore;
  readonly endedSessions: EndedSessions;
  readonly #current: CurrentTable;
  readonly #changes = new PatientLine();
  readonly #reads = new PatientLine();
  readonly #listeners = new ChangeListeners();
  #hashCost = 0;
  #poll: NodeJS.Timeout | undefined;
  readonly #lastLook = new LastLook();

  /**
   * @param path - path of the database. If there is none, it is made; its folder must exist.
   *   `:memory:` stands for a database that belongs to this store alone and ends with it.
   */
  constructor(path: string, { logger }: SqliteUserStoreOptions = {}) {
    this.#current = new CurrentTable({
      path: path === ':memory:' ? path : resolve(path),
      logger,
      onReplaced: () => {
        this.#listeners.tell();
      },
    });
    this.subscriptions = new SqliteSubscriptions({
      read: (question) => this.#read((users) => question(users.subscriptions)),
      change: (change) => this.#change(undefined, (users) => change(users.subscriptions)),
    });
    this.endedSessions = new SqliteEndedSessions({
      read: (question) => this.#read((users) => question(users.endedSessions)),
      change: (change) => this.#transact((users) => change(users.endedSessions)),
    });
  }

  get hashCost(): number {
    try {
      return (this.#hashCost = this.#current.open?.highestCost() ?? this.#hashCost);
    } catch (error) {
      if (isBusy(error)) return this.#hashCost;
      throw error;
    }
  }

  async open(): Promise<void> {
    await this.#current.ready();
  }

  /**
   * @throws StoreUnavailableError while users can't be looked up, for example because the file is
   *   gone
   */
  async check(): Promise<void> {
    await this.#read((users) => {
      users.look();
    });
  }

  find(name: string): MaybePromise<StoredUser | undefined> {
    return this.#read((users) => users.find(name));
  }

  async list(options?: ListOptions): Promise<readonly StoredUser[]> {
    const users = await this.#current.ready();
    return options?.snapshot === true ? users.listAtOnce(options) : users.list(options);
  }

  async create(user: StoredUser, { actor, check }: CreateOptions = {}): Promise<StoredUser> {
    const created = newUser(user);
    checkNewUserName(created.name);
    return this.#change(created.name, (users) => {
      check?.(findNamed(users, actor));
      if (!users.insert(created)) throw userExists(created.name);
      return created;
    });
  }

  async update(
    name: string,
    changes: UserChanges,
    { force = false, actor, check }: ChangeOptions = {},
  ): Promise<StoredUser> {
    return this.#change(name, (users) => {
      const user = users.find(name);
      if (user === undefined) throw new UserNotFoundError();
      check?.(user, findNamed(users, actor));
      const updated = changedUser(user, changes);
      if (!force && !isEnabledAdmin(updated)) keepAnAdmin(users, name);
      users.update(updated);
      return updated;
    });
  }

  async delete(
    name: string,
    { force = false, actor, check, unusable = false }: ChangeOptions = {},
  ): Promise<boolean> {
    // The name of a damaged user may be shown otherwise than it is: then anybody may have changed.
    return this.#change(unusable ? undefined : name, (users) => {
      const user = check && findUsable(users, name, { unusable });
      if (user !== undefined) check?.(user, findNamed(users, actor));
      if (!force) keepAnAdmin(users, name);
      return (unusable && users.removeDamaged(name)) || users.remove(name);
    });
  }

  async rename(
    name: string,
    to: string,
    { actor, check }: ChangeOptions = {},
  ): Promise<StoredUser> {
    checkNewUserName(to);
    // Two users changed: listeners are told that any may have.
    return this.#change(undefined, (users) => {
      const user = users.find(name);
      if (user === undefined) throw new UserNotFoundError();
      check?.(user, findNamed(users, actor));
      const renamed = renamedUser(user, to);
      if (!users.insert(renamed)) throw userExists(to);
      users.remove(name);
      return renamed;
    });
  }

  putAll(users: readonly UserToPut[]): Promise<readonly UserPut[]> {
    return this.#change(undefined, (table) => {
      const admin = table.anyAdmin();
      const puts = users.map((one) => {
        const put = putUser(one, table.find(one.user.name));
        if (put.before === undefined) table.insert(put.after);
        else table.update(put.after);
        return put;
      });
      if (admin !== undefined && table.anyAdmin() === undefined) throw lastAdmin(admin);
      return puts;
    });
  }

  async replaceHash(name: string, expected: string, replacement: string): Promise<boolean> {
    return this.#change(name, (users) => {
      const user = users.find(name);
      if (user?.hash !== expected) return false;
      users.update(canonicalUser({ ...user, hash: replacement }));
      return true;
    });
  }

  watch(listener: UserChangeListener): () => void {
    const stop = this.#listeners.add(listener);
    this.#poll ??= setInterval(() => {
      this.#look();
    }, POLL_INTERVAL).unref();
    return () => {
      stop();
      if (this.#listeners.isEmpty) this.#stopPolling();
    };
  }

  catchUp(): void {
    if (this.#lastLook.isOld) this.#look();
  }

  /** Closes the store for good. */
  async close(): Promise<void> {
    this.#stopPolling();
    this.#listeners.clear();
    await this.#current.close();
  }

  /** Asks at once if possible, else when the database is open and no lock is in the way. */
  #read<T>(question: (users: UserTable) => T): MaybePromise<T> {
    const users = this.#current.open;
    const later = (): Promise<T> =>
      this.#reads.run(async () => question(await this.#current.ready()));
    if (users === undefined) return later();
    try {
      return question(users);
    } catch (error) {
      if (isBusy(error)) return later();
      throw error;
    }
  }

  /**
   * Makes a change, then tells listeners who changed (undefined if it was no user), unless the
   * change returned false.
   */
  async #change<T>(name: string | undefined, change: (users: UserTable) => T): Promise<T> {
    const outcome = await this.#transact(change);
    if (outcome !== false) this.#listeners.tell(name);
    return outcome;
  }

  #transact<T>(change: (users: UserTable) => T): Promise<T> {
    return this.#changes.run(async () => {
      const users = await this.#current.ready();
      return users.transaction(() => change(users));
    });
  }

  #look(): void {
    this.#lastLook.note();
    if (this.#mayHaveChangedElsewhere()) this.#listeners.tell();
  }

  #mayHaveChangedElsewhere(): boolean {
    try {
      return this.#current.open?.hasChangedElsewhere() ?? false;
    } catch {
      // Unknown for now. The next look-up says why.
      return true;
    }
  }

  #stopPolling(): void {
    clearInterval(this.#poll);
    this.#poll = undefined;
  }
}

function keepAnAdmin(users: UserTable, name: string): void {
  if (users.onlyAdmin() === name) throw lastAdmin(name);
}

/** Finds a user by a name that may be left out. */
function findNamed(users: UserTable, name: string | undefined): StoredUser | undefined {
  return name === undefined ? undefined : users.find(name);
}

/**
 * Finds a user; with `unusable`, a damaged one counts as absent.
 *
 * @throws UnusableUserError for a damaged user without `unusable`
 */
function findUsable(
  users: UserTable,
  name: string,
  { unusable }: { readonly unusable: boolean },
): StoredUser | undefined {
  try {
    return users.find(name);
  } catch (error) {
    if (unusable && error instanceof UnusableUserError) return undefined;
    throw error;
  }
}
