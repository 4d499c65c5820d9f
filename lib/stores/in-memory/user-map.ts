import { bcryptHashCost } from '../rules/bcrypt-hash.js';
import { listQuery } from '../rules/list-query.js';
import { compareNames } from '../rules/name-order.js';
import { SubscriptionMap } from './subscription-map.js';
import { filterInTurns, sortInTurns } from '../../turns.js';
import { lastAdmin } from '../rules/user-conflict.js';
import type { ChangeOptions, ListOptions, StoredUser } from '../user-store.js';

/** Given the user that is there, if any: the one that is to be there. An equal one means no change. */
export type UserEdit<After extends StoredUser | undefined> = (
  before: StoredUser | undefined,
  users: UserMap,
) => After;

/** What an edit came to. */
export interface UserRevision<After extends StoredUser | undefined> {
  readonly users: UserMap;
  readonly before: StoredUser | undefined;
  readonly after: After;
}

/** Users by name, and the subscriptions beside them, all in memory. It never changes: an edit makes another map. */
export class UserMap {
  /** The highest bcrypt cost among the users' hashes; 0 without users. */
  readonly hashCost: number;
  readonly subscriptions: SubscriptionMap;
  readonly #users: ReadonlyMap<string, StoredUser>;
  #sorted: Promise<readonly StoredUser[]> | undefined;

  constructor(
    users: Iterable<StoredUser> = [],
    subscriptions: SubscriptionMap = new SubscriptionMap(),
  ) {
    const byName = new Map<string, StoredUser>();
    let hashCost = 0;
    for (const user of users) {
      byName.set(user.name, user);
      hashCost = Math.max(hashCost, bcryptHashCost(user.hash));
    }
    this.#users = byName;
    this.subscriptions = subscriptions;
    this.hashCost = hashCost;
  }

  get(name: string): StoredUser | undefined {
    return this.#users.get(name);
  }

  /** The user of a name that may be left out. */
  getNamed(name: string | undefined): StoredUser | undefined {
    return name === undefined ? undefined : this.get(name);
  }

  /** @throws InvalidRequestError for a bad pattern, offset or limit */
  list(options?: ListOptions): readonly StoredUser[] {
    const { pattern, offset, limit } = listQuery(options);
    const users = [...this.#users.values()];
    return (pattern === undefined ? users : users.filter(({ name }) => pattern.matches(name)))
      .sort(byName)
      .slice(offset, offset + limit);
  }

  /**
   * The same, in turns with others.
   *
   * @throws InvalidRequestError for a bad pattern, offset or limit; OverloadedError when too many lists are being made
   */
  async listInTurns(options?: ListOptions): Promise<readonly StoredUser[]> {
    const { pattern, offset, limit } = listQuery(options);
    this.#sorted ??= this.#sort();
    const users = await this.#sorted;
    const found =
      pattern === undefined
        ? users
        : await filterInTurns(users, ({ name }) => pattern.matches(name));
    return found.slice(offset, offset + limit);
  }

  /** Once for all who list these users; not kept where it failed. */
  #sort(): Promise<readonly StoredUser[]> {
    return sortInTurns([...this.#users.values()], byName).catch((error: unknown) => {
      this.#sorted = undefined;
      throw error;
    });
  }

  /**
   * Edits the user of a name.
   *
   * @throws UserConflictError when no admin would be left, and whatever `edit` throws
   */
  revise<After extends StoredUser | undefined>(
    name: string,
    edit: UserEdit<After>,
    { force = false, actor, check }: ChangeOptions = {},
  ): UserRevision<After> {
    const before = this.get(name);
    if (before !== undefined) check?.(before, this.getNamed(actor));
    const after = edit(before, this);
    if (isSame(after, before)) return { users: this, before, after };

    const edited = new Map(this.#users);
    if (after === undefined) edited.delete(name);
    else edited.set(name, after);
    const users = new UserMap(edited.values(), this.subscriptions);
    if (before?.type === 'admin' && !users.#hasAdmin() && !force) throw lastAdmin(name);
    return { users, before, after };
  }

  /** The same users with other subscriptions. */
  withSubscriptions(subscriptions: SubscriptionMap): UserMap {
    return new UserMap(this.#users.values(), subscriptions);
  }

  /** The names of the users that were added, removed or changed since another map. */
  changedSince(earlier: UserMap): readonly string[] {
    const names = new Set([...this.#users.keys(), ...earlier.#users.keys()]);
    return [...names].filter((name) => !isSame(this.get(name), earlier.get(name)));
  }

  #hasAdmin(): boolean {
    return [...this.#users.values()].some(({ type }) => type === 'admin');
  }
}

function byName(a: StoredUser, b: StoredUser): number {
  return compareNames(a.name, b.name);
}

function isSame(a: StoredUser | undefined, b: StoredUser | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
