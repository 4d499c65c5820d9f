import { UserNotFoundError } from '../../errors.js';
import type { MaybePromise } from '../../maybe-promise.js';
import type { ListOptions } from '../list-options.js';
import { ChangeListeners } from '../rules/change-listeners.js';
import { changedUser, newUser, renamedUser } from '../rules/changed-user.js';
import { notOpen } from '../rules/not-open.js';
import { canonicalUser } from '../rules/stored-user.js';
import { userExists } from '../rules/user-conflict.js';
import { checkNewUserName } from '../rules/user-name.js';
import type { SubscriptionStore } from '../subscription-store.js';
import type {
  CatchUpOptions,
  ChangeOptions,
  CreateOptions,
  StoredUser,
  UserChangeListener,
  UserChanges,
  UserPut,
  UserStore,
  UserToPut,
} from '../user-store.js';
import { InMemorySubscriptions } from './in-memory-subscriptions.js';
import type { Persistence } from './persistence.js';
import type { UserEdit, UserMap, UserRevision } from './user-map.js';

/** A store that has all its users in memory while it is open. */
export class InMemoryStore implements UserStore {
  readonly keepsGrants = true;
  readonly keepsDisabled = true;
  readonly keepsSessions = true;
  readonly subscriptions: SubscriptionStore;
  readonly #backend: Persistence;
  readonly #listeners = new ChangeListeners();
  #users: UserMap | undefined;

  constructor(backend: Persistence) {
    this.#backend = backend;
    this.subscriptions = new InMemorySubscriptions(backend, () => this.#present());
  }

  get hashCost(): number {
    return this.#users?.hashCost ?? 0;
  }

  async open(): Promise<void> {
    await this.#backend.open((users, changed) => {
      this.#adopt(users, changed);
    });
  }

  catchUp(options?: CatchUpOptions): MaybePromise<void> {
    return this.#backend.catchUp?.(options);
  }

  async close(): Promise<void> {
    await this.#backend.close();
    this.#users = undefined;
  }

  find(name: string): StoredUser | undefined {
    return this.#present().get(name);
  }

  /**
   * Lists users by name, in slices between which others take their turn.
   *
   * @throws InvalidRequestError for a bad pattern, offset or limit; OverloadedError if too many
   *   lists are being made
   */
  list(options: ListOptions & { readonly inTurns: true }): Promise<readonly StoredUser[]>;
  /**
   * Lists users by name, at once.
   *
   * @throws InvalidRequestError for a bad pattern, offset or limit
   */
  list(options?: ListOptions): readonly StoredUser[];
  list(options: ListOptions = {}): MaybePromise<readonly StoredUser[]> {
    const users = this.#present();
    return options.inTurns === true ? users.listInTurns(options) : users.list(options);
  }

  async create(user: StoredUser, { actor, check }: CreateOptions = {}): Promise<StoredUser> {
    const created = newUser(user);
    checkNewUserName(created.name);
    const { after } = await this.#revise(created.name, (before, users) => {
      check?.(users.getNamed(actor));
      if (before !== undefined) throw userExists(created.name);
      return created;
    });
    return after;
  }

  async update(name: string, changes: UserChanges, options?: ChangeOptions): Promise<StoredUser> {
    const edit = (before: StoredUser | undefined): StoredUser => {
      if (before === undefined) throw new UserNotFoundError();
      return changedUser(before, changes);
    };
    return (await this.#revise(name, edit, options)).after;
  }

  async delete(name: string, options?: ChangeOptions): Promise<boolean> {
    const { before } = await this.#revise(name, () => undefined, options);
    return before !== undefined;
  }

  async rename(name: string, to: string, options?: ChangeOptions): Promise<StoredUser> {
    checkNewUserName(to);
    const rename = (before: StoredUser): StoredUser => renamedUser(before, to);
    return (await this.#backend.change((users) => users.rename(name, rename, options))).after;
  }

  async putAll(users: readonly UserToPut[]): Promise<readonly UserPut[]> {
    return (await this.#backend.change((present) => present.putAll(users))).puts;
  }

  async replaceHash(name: string, expected: string, replacement: string): Promise<boolean> {
    const { before, after } = await this.#revise(name, (user) =>
      user?.hash === expected ? canonicalUser({ ...user, hash: replacement }) : user,
    );
    return after !== before;
  }

  watch(listener: UserChangeListener): () => void {
    return this.#listeners.add(listener);
  }

  #revise<After extends StoredUser | undefined>(
    name: string,
    edit: UserEdit<After>,
    options?: ChangeOptions,
  ): Promise<UserRevision<After>> {
    return this.#backend.change((users) => users.revise(name, edit, options));
  }

  #present(): UserMap {
    if (this.#users === undefined) throw notOpen();
    return this.#users;
  }

  #adopt(users: UserMap, changed: readonly string[]): void {
    const earlier = this.#users ?? users;
    this.#users = users;
    for (const name of changed) this.#listeners.tell(name);
    if (!users.subscriptions.isSameAs(earlier.subscriptions)) this.#listeners.tell();
  }
}
