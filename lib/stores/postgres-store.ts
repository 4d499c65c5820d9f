import { UserNotFoundError } from '../errors.js';
import type { EndedSessions } from './ended-sessions.js';
import type { FailureCounter, FailureCounterOptions } from './failure-counter.js';
import type { ListOptions } from './list-options.js';
import { ChangeWatch } from './postgres/change-watch.js';
import { Connections } from './postgres/connections.js';
import { PostgresDatabase } from './postgres/database.js';
import { warnOfExposure } from './postgres/exposure.js';
import { migrate } from './postgres/migrate.js';
import { PostgresEndedSessions } from './postgres/postgres-ended-sessions.js';
import { PostgresFailures } from './postgres/postgres-failures.js';
import type { PostgresSettings, PostgresUserStoreOptions } from './postgres/postgres-options.js';
import { postgresSettings, tlsContext } from './postgres/postgres-options.js';
import { PostgresSubscriptions } from './postgres/postgres-subscriptions.js';
import { putUsers } from './postgres/put-users.js';
import { announce, nextRevision } from './postgres/revision.js';
import { RevisionNews } from './postgres/revision-news.js';
import { SubscriptionTable } from './postgres/subscription-table.js';
import { UnknownOutcomeError } from './postgres/unknown-outcome.js';
import { UserLists } from './postgres/user-lists.js';
import { UserTable } from './postgres/user-table.js';
import { bcryptHashCost } from './rules/bcrypt-hash.js';
import { ChangeListeners } from './rules/change-listeners.js';
import { changedUser, newUser, renamedUser } from './rules/changed-user.js';
import { isEnabledAdmin } from './rules/enabled-admin.js';
import { notOpen } from './rules/not-open.js';
import { SerialQueue } from './rules/serial-queue.js';
import { canonicalUser } from './rules/stored-user.js';
import { userExists } from './rules/user-conflict.js';
import { checkNewUserName } from './rules/user-name.js';
import type { SubscriptionStore } from './subscription-store.js';
import type {
  ChangeOptions,
  CreateOptions,
  FindOptions,
  StoredUser,
  UserChangeListener,
  UserChanges,
  UserPut,
  UserStore,
  UserToPut,
} from './user-store.js';

/** At most so many connections for questions and changes; so many changes may wait. */
const MOST_CONNECTIONS = 10;
const MOST_CHANGES = 1_024;

/** The tables within one change. */
type Tables = Readonly<Record<'users', UserTable> & Record<'subscriptions', SubscriptionTable>>;

/**
 * Users in a PostgreSQL database (12 or newer), which any number of processes of any number of
 * machines may use at once. It needs the package pg.
 *
 * A change is acknowledged once the server has it on disk. Other processes hear of it within 100 ms
 * over a line of their own; a process that can't prove that its line is alive uses nothing that it
 * found more than 1.5 s before. Only the primary is asked. If the connection is lost while a change
 * is being saved, nobody knows if it was made, and the StoreUnavailableError says so.
 */
export class PostgresUserStore implements UserStore {
  readonly keepsGrants = true;
  readonly keepsDisabled = true;
  readonly keepsSessions = true;
  readonly subscriptions: SubscriptionStore;
  readonly endedSessions: EndedSessions;
  /** A password that fails is tried once more against a fresh copy: a new one works at once. */
  readonly mayBeStale: boolean = true;
  readonly #settings: PostgresSettings;
  readonly #database: PostgresDatabase;
  readonly #users: UserTable;
  readonly #lists: UserLists;
  readonly #watch: ChangeWatch;
  readonly #listeners = new ChangeListeners();
  readonly #news = new RevisionNews((name) => {
    this.#listeners.tell(name);
  });
  /** One of this process at a time: more would only wait for each other on connections. */
  readonly #changes = new SerialQueue(MOST_CHANGES);
  #opening: Promise<void> | undefined;
  /** The highest cost of the hashes of the change that is being made. */
  #written = 0;

  /**
   * Makes the store; it connects to nothing yet.
   *
   * @throws MisuseError for options that can't work
   */
  constructor(options: PostgresUserStoreOptions) {
    const settings = postgresSettings(options);
    const { origin, listening, schema, logger } = settings;
    const tls = { tls: tlsContext(settings), useTls: settings.tls.useTls ?? false };
    const database = new PostgresDatabase(
      new Connections({ origin, most: MOST_CONNECTIONS, ...tls }),
      schema,
    );
    this.#settings = settings;
    this.#database = database;
    this.#users = new UserTable(database, schema);
    this.#lists = new UserLists(database);
    this.#watch = new ChangeWatch({
      database,
      connections: new Connections({ origin: listening ?? origin, most: 1, ...tls }),
      isSameServer: listening === undefined,
      news: this.#news,
      logger,
    });
    const subscriptions = new SubscriptionTable(database, schema);
    this.subscriptions = new PostgresSubscriptions({
      read: async (question) => {
        await this.open();
        return question(subscriptions);
      },
      change: (change) => this.#change(undefined, (tables) => change(tables.subscriptions)),
    });
    this.endedSessions = new PostgresEndedSessions(database, schema, () => this.open());
  }

  failures(options: FailureCounterOptions): FailureCounter {
    return new PostgresFailures(this.#database, options);
  }

  get hashCost(): number {
    return this.#watch.cost;
  }

  get freshUntil(): number {
    return this.#watch.freshUntil;
  }

  /**
   * Connects, makes the tables or brings them up to date, and begins to watch.
   *
   * @throws StoreUnavailableError if the database can't be used, or pg is not installed
   */
  async open(): Promise<void> {
    this.#opening ??= this.#openNow().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    await this.#opening;
  }

  /** @throws StoreUnavailableError while users can't be looked up */
  async check(): Promise<void> {
    await this.open();
    await this.#users.look();
  }

  async find(
    name: string,
    { until = Infinity }: FindOptions = {},
  ): Promise<StoredUser | undefined> {
    await this.open();
    return this.#users.find(name, until - performance.now());
  }

  async list(options?: ListOptions): Promise<readonly StoredUser[]> {
    await this.open();
    return this.#lists.list(options);
  }

  async create(user: StoredUser, { actor, check }: CreateOptions = {}): Promise<StoredUser> {
    const created = newUser(user);
    checkNewUserName(created.name);
    return this.#change(created.name, async ({ users }) => {
      check?.(await users.findNamed(actor));
      if (!(await users.insert(created))) throw userExists(created.name);
      this.#noteCosts([created]);
      return created;
    });
  }

  async update(
    name: string,
    changes: UserChanges,
    { force = false, actor, check }: ChangeOptions = {},
  ): Promise<StoredUser> {
    return this.#change(name, async ({ users }) => {
      const user = await users.find(name);
      if (user === undefined) throw new UserNotFoundError();
      check?.(user, await users.findNamed(actor));
      const updated = changedUser(user, changes);
      if (!force && !isEnabledAdmin(updated)) await users.keepAnAdmin(name);
      await users.update(updated);
      this.#noteCosts([updated]);
      return updated;
    });
  }

  async delete(
    name: string,
    { force = false, actor, check, unusable = false }: ChangeOptions = {},
  ): Promise<boolean> {
    // The name of a damaged user may be shown otherwise than it is: then anybody may have changed.
    return this.#change(unusable ? undefined : name, async ({ users }) => {
      const user = check && (await users.findJudged(name, { unusable }));
      if (user !== undefined) check?.(user, await users.findNamed(actor));
      if (!force) await users.keepAnAdmin(name);
      return (unusable && (await users.removeDamaged(name))) || users.remove(name);
    });
  }

  async rename(
    name: string,
    to: string,
    { actor, check }: ChangeOptions = {},
  ): Promise<StoredUser> {
    checkNewUserName(to);
    return this.#change(undefined, async ({ users }) => {
      const user = await users.find(name);
      if (user === undefined) throw new UserNotFoundError();
      check?.(user, await users.findNamed(actor));
      const renamed = renamedUser(user, to);
      if (!(await users.insert(renamed))) throw userExists(to);
      await users.remove(name);
      return renamed;
    });
  }

  async putAll(users: readonly UserToPut[]): Promise<readonly UserPut[]> {
    return this.#change(undefined, async ({ users: table }) => {
      const puts = await putUsers(table, users);
      this.#noteCosts(puts.map(({ after }) => after));
      return puts;
    });
  }

  async replaceHash(name: string, expected: string, replacement: string): Promise<boolean> {
    return this.#change(name, async ({ users }) => {
      const user = await users.find(name);
      if (user?.hash !== expected) return false;
      const replaced = canonicalUser({ ...user, hash: replacement });
      await users.update(replaced);
      this.#noteCosts([replaced]);
      return true;
    });
  }

  watch(listener: UserChangeListener): () => void {
    return this.#listeners.add(listener);
  }

  /** Closes the store for good, and all connections but those of the app's pool. */
  async close(): Promise<void> {
    const closing = this.#database.close();
    this.#listeners.clear();
    await this.#watch.stop();
    await closing;
    await this.#opening?.catch(() => undefined);
  }

  async #openNow(): Promise<void> {
    if (this.#database.isClosed) throw notOpen();
    const { origin, listening, tls, logger } = this.#settings;
    warnOfExposure([origin, listening], tls, logger);
    await migrate(this.#database);
    await this.#watch.start();
  }

  /**
   * Makes a change, then tells listeners who changed (undefined if it was no user), unless the
   * change returned false.
   */
  async #change<T>(name: string | undefined, change: (tables: Tables) => Promise<T>): Promise<T> {
    await this.open();
    try {
      const { number, outcome } = await this.#changes.run(() => this.#transact(name, change));
      if (outcome !== false) this.#news.made(number, name);
      return outcome;
    } catch (error) {
      if (error instanceof UnknownOutcomeError) this.#listeners.tell();
      throw error;
    }
  }

  async #transact<T>(
    name: string | undefined,
    change: (tables: Tables) => Promise<T>,
  ): Promise<{ readonly number: number; readonly outcome: T }> {
    const { schema } = this.#database;
    let number = NaN;
    this.#written = 0;
    const outcome = await this.#database.transaction(async (session) => {
      number = await nextRevision(session, schema);
      const made = await change({
        users: new UserTable(session, schema),
        subscriptions: new SubscriptionTable(session, schema),
      });
      if (made !== false) await announce(session, schema, { number, name });
      return made;
    });
    this.#watch.noteCost(this.#written);
    return { number, outcome };
  }

  #noteCosts(users: Iterable<StoredUser>): void {
    for (const { hash } of users) this.#written = Math.max(this.#written, bcryptHashCost(hash));
  }
}
