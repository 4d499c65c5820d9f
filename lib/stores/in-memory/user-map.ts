import { UserNotFoundError } from '../../errors.js';
import type { Turn } from '../../turns.js';
import { filterInTurns, sortInTurns } from '../../turns.js';
import type { ListOptions } from '../list-options.js';
import { bcryptHashCost } from '../rules/bcrypt-hash.js';
import { isEnabledAdmin } from '../rules/enabled-admin.js';
import type { ListQuery } from '../rules/list-query.js';
import { listQuery } from '../rules/list-query.js';
import { compareNames } from '../rules/name-order.js';
import { putUser } from '../rules/put-user.js';
import { isSameUser } from '../rules/same-user.js';
import { lastAdmin, userExists } from '../rules/user-conflict.js';
import { passesFilter } from '../rules/user-filter.js';
import type { ChangeOptions, StoredUser, UserPut, UserToPut } from '../user-store.js';
import { SubscriptionMap } from './subscription-map.js';

/** Users between two looks at the clock. */
const STEP = 128;

/** Takes the present user, if any, and returns the new one; an equal user means no change. */
export type UserEdit<After extends StoredUser | undefined> = (
  before: StoredUser | undefined,
  users: UserMap,
) => After;

/** The outcome of an edit, or of a new name. */
export interface UserRevision<After extends StoredUser | undefined> {
  readonly users: UserMap;
  /** The names of the users who were added, removed or changed. */
  readonly changed: readonly string[];
  readonly before: StoredUser | undefined;
  readonly after: After;
}

/** The outcome of `putAll`. */
export interface UserPuts {
  readonly users: UserMap;
  /** The names of the users who were added or changed. */
  readonly changed: readonly string[];
  readonly puts: readonly UserPut[];
}

/** Parts of a map; nothing else may hold the map of users. */
interface UserMapParts {
  readonly users: ReadonlyMap<string, StoredUser>;
  readonly subscriptions: SubscriptionMap;
  readonly hashCost: number;
}

/**
 * Users by name, and their subscriptions, all in memory. It is immutable: an edit makes another
 * map.
 */
export class UserMap {
  /** The highest bcrypt cost among the users' hashes; 0 without users. */
  readonly hashCost: number;
  readonly subscriptions: SubscriptionMap;
  readonly #users: ReadonlyMap<string, StoredUser>;
  #sorted: Promise<readonly StoredUser[]> | undefined;

  private constructor({ users, subscriptions, hashCost }: UserMapParts) {
    this.#users = users;
    this.subscriptions = subscriptions;
    this.hashCost = hashCost;
  }

  static of(
    users: Iterable<StoredUser> = [],
    subscriptions: SubscriptionMap = new SubscriptionMap(),
  ): UserMap {
    const byName = new Map<string, StoredUser>();
    for (const user of users) byName.set(user.name, user);
    return new UserMap({ users: byName, subscriptions, hashCost: highestCost(byName) });
  }

  /**
   * As {@link of}, in slices between which others take their turn.
   *
   * @param byName - each user under its name; it must not change later
   */
  static async ofInTurns(
    byName: ReadonlyMap<string, StoredUser>,
    subscriptions: SubscriptionMap,
    turn: Turn,
  ): Promise<UserMap> {
    let [hashCost, count] = [0, 0];
    for (const { hash } of byName.values()) {
      hashCost = Math.max(hashCost, bcryptHashCost(hash));
      if (++count % STEP === 0) await turn.passIfOver();
    }
    return new UserMap({ users: byName, subscriptions, hashCost });
  }

  get size(): number {
    return this.#users.size;
  }

  get(name: string): StoredUser | undefined {
    return this.#users.get(name);
  }

  /** Finds a user by a name that may be left out. */
  getNamed(name: string | undefined): StoredUser | undefined {
    return name === undefined ? undefined : this.get(name);
  }

  /** @throws InvalidRequestError for a bad pattern, offset or limit */
  list(options?: ListOptions): readonly StoredUser[] {
    const { after, offset, limit, ...query } = listQuery(options);
    return [...this.#users.values()]
      .filter((user) => isAsked(user, query))
      .filter(({ name }) => after === undefined || compareNames(name, after) > 0)
      .sort(byName)
      .slice(offset, offset + limit);
  }

  /**
   * As {@link list}, in slices between which others take their turn.
   *
   * @throws InvalidRequestError for a bad pattern, offset or limit; OverloadedError if too many
   *   lists are being made
   */
  async listInTurns(options?: ListOptions): Promise<readonly StoredUser[]> {
    const { after, offset, limit, ...query } = listQuery(options);
    this.#sorted ??= this.#sort();
    const users = behind(await this.#sorted, after);
    const isAll = query.pattern === undefined && query.filter === undefined;
    const found = isAll
      ? users
      : await filterInTurns(users, (user) => isAsked(user, query), offset + limit);
    return found.slice(offset, offset + limit);
  }

  /** Sorts all users by name, for a job that has its turn. */
  inOrder(turn: Turn): Promise<readonly StoredUser[]> {
    return sortInTurns([...this.#users.values()], byName, turn);
  }

  /** Sorts once for all who list these users; a failure is not kept. */
  #sort(): Promise<readonly StoredUser[]> {
    return sortInTurns([...this.#users.values()], byName).catch((error: unknown) => {
      this.#sorted = undefined;
      throw error;
    });
  }

  /**
   * Edits the user of a name.
   *
   * @throws UserConflictError if no admin would be left; whatever `edit` throws
   */
  revise<After extends StoredUser | undefined>(
    name: string,
    edit: UserEdit<After>,
    { force = false, actor, check }: ChangeOptions = {},
  ): UserRevision<After> {
    const before = this.get(name);
    if (before !== undefined) check?.(before, this.getNamed(actor));
    const after = edit(before, this);
    if (isSameUser(after, before)) return { users: this, changed: [], before, after };

    const edited = new Map(this.#users);
    if (after === undefined) edited.delete(name);
    else edited.set(name, after);
    const wasAdmin = before !== undefined && isEnabledAdmin(before);
    if (wasAdmin && anyAdmin(edited) === undefined && !force) throw lastAdmin(name);
    const hashCost = this.#costAfter(before, after) ?? highestCost(edited);
    const users = new UserMap({ users: edited, subscriptions: this.subscriptions, hashCost });
    return { users, changed: [name], before, after };
  }

  /**
   * Gives the user of a name another one.
   *
   * @param rename - returns the user under the new name
   * @throws UserNotFoundError; UserConflictError if the new name is taken; whatever `rename` throws
   */
  rename(
    name: string,
    rename: (before: StoredUser) => StoredUser,
    { actor, check }: ChangeOptions = {},
  ): UserRevision<StoredUser> {
    const before = this.get(name);
    if (before === undefined) throw new UserNotFoundError();
    check?.(before, this.getNamed(actor));
    const after = rename(before);
    if (this.#users.has(after.name)) throw userExists(after.name);
    const edited = new Map(this.#users).set(after.name, after);
    edited.delete(name);
    const { subscriptions, hashCost } = this;
    const users = new UserMap({ users: edited, subscriptions, hashCost });
    return { users, changed: [name, after.name], before, after };
  }

  /**
   * Puts users, all or none.
   *
   * @throws UserConflictError if a name is taken, or no admin would be left; InvalidRequestError
   *   for a user that can't be kept
   */
  putAll(put: readonly UserToPut[]): UserPuts {
    const edited = new Map(this.#users);
    const puts = put.map((one) => {
      const result = putUser(one, edited.get(one.user.name));
      edited.set(result.after.name, result.after);
      return result;
    });
    const admin = anyAdmin(this.#users);
    if (admin !== undefined && anyAdmin(edited) === undefined) throw lastAdmin(admin.name);
    const changed = puts.filter(({ before, after }) => !isSameUser(after, before));
    const hashCost = highestCost(edited);
    return {
      users: new UserMap({ users: edited, subscriptions: this.subscriptions, hashCost }),
      changed: changed.map(({ after }) => after.name),
      puts,
    };
  }

  /** Makes a map of the same users with other subscriptions. */
  withSubscriptions(subscriptions: SubscriptionMap): UserMap {
    return new UserMap({ users: this.#users, subscriptions, hashCost: this.hashCost });
  }

  /**
   * Finds the names of the users who were added, removed or changed since another map, in slices.
   */
  async changedSince(earlier: UserMap, turn: Turn): Promise<readonly string[]> {
    const changed: string[] = [];
    let count = 0;
    for (const [name, user] of this.#users) {
      if (!isSameUser(user, earlier.get(name))) changed.push(name);
      if (++count % STEP === 0) await turn.passIfOver();
    }
    for (const name of earlier.#users.keys()) {
      if (!this.#users.has(name)) changed.push(name);
      if (++count % STEP === 0) await turn.passIfOver();
    }
    return changed;
  }

  /** The highest cost after a change of one user; undefined if all users must be looked at. */
  #costAfter(before: StoredUser | undefined, after: StoredUser | undefined): number | undefined {
    const [old, now] = [costOf(before), costOf(after)];
    if (now >= this.hashCost) return now;
    return old === this.hashCost ? undefined : this.hashCost;
  }
}

function isAsked(
  user: StoredUser,
  { pattern, filter }: Pick<ListQuery, 'pattern' | 'filter'>,
): boolean {
  const isFound = filter === undefined || passesFilter(user, filter);
  return isFound && (pattern?.matches(user.name) ?? true);
}

function costOf(user: StoredUser | undefined): number {
  return user === undefined ? 0 : bcryptHashCost(user.hash);
}

function highestCost(users: ReadonlyMap<string, StoredUser>): number {
  let highest = 0;
  for (const { hash } of users.values()) highest = Math.max(highest, bcryptHashCost(hash));
  return highest;
}

function anyAdmin(users: ReadonlyMap<string, StoredUser>): StoredUser | undefined {
  for (const user of users.values()) if (isEnabledAdmin(user)) return user;
  return undefined;
}

function byName(a: StoredUser, b: StoredUser): number {
  return compareNames(a.name, b.name);
}

/** The part of a sorted list whose names come after a name, found by halving. */
function behind(users: readonly StoredUser[], after: string | undefined): readonly StoredUser[] {
  if (after === undefined) return users;
  let [low, high] = [0, users.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const user = users[middle];
    if (user !== undefined && compareNames(user.name, after) <= 0) low = middle + 1;
    else high = middle;
  }
  return users.slice(low);
}
