import { hash as bcryptHash } from 'bcrypt';
import { KapacitorAuthError, MisuseError } from '../errors.js';
import { invalidRequest } from '../invalid-request.js';
import { InMemoryStore } from './in-memory/in-memory-store.js';
import type { AdoptUsers, Persistence, Revision } from './in-memory/persistence.js';
import { UserMap } from './in-memory/user-map.js';
import { notOpen } from './rules/not-open.js';
import { checkPassword } from './rules/password-policy.js';
import type { UserRecord } from './rules/stored-user.js';
import { canonicalUser } from './rules/stored-user.js';
import { userExists } from './rules/user-conflict.js';
import type { StoredUser } from './user-store.js';

/**
 * The lowest cost of bcrypt: tests should not wait for it, and nothing here outlives the process.
 */
const BCRYPT_COST = 4;

/** Takes the place of a hash that is not computed yet. */
const STAND_IN = `$2b$04$${'.'.repeat(53)}`;

/** A user of a {@link MemoryUserStore}, given with a password or with its bcrypt hash. */
export interface MemoryUser extends Omit<UserRecord, 'hash'> {
  /** 1 to 72 bytes of UTF-8. */
  readonly password?: string | undefined;
  /** A bcrypt hash: `$2a$`, `$2b$` or `$2y$`. */
  readonly hash?: string | undefined;
}

/**
 * Users given in code and kept in memory, for the tests of an app. Passwords are hashed with the
 * lowest bcrypt cost when the store is opened; closing it forgets every change.
 *
 * @example
 * ```ts
 * const store = new MemoryUserStore([
 *   { name: 'root', password: 'root-pw', type: 'admin' },
 *   { name: 'amy', password: 'amy-pw', permissions: ['api'] },
 * ]);
 * const app = express().use(kapacitorAuth({ store }));
 * app.get('/reports', requirePermission('api'), (request, response) => {
 *   response.json({ for: request.user?.name });
 * });
 *
 * await request(app).get('/reports').auth('amy', 'amy-pw').expect(200, { for: 'amy' });
 * await request(app).get('/reports').auth('amy', 'wrong').expect(401);
 * ```
 */
export class MemoryUserStore extends InMemoryStore {
  /**
   * @param users - no two with the same name; without `type` and `permissions` a user is a normal
   *   user without permissions
   * @throws MisuseError for a user that can't be kept
   */
  constructor(users: readonly MemoryUser[] = []) {
    super(new MemoryBackend(userMakers(users)));
  }
}

class MemoryBackend implements Persistence {
  readonly #makers: readonly UserMaker[];
  #initial: Promise<UserMap> | undefined;
  #open: { readonly users: UserMap; readonly adopt: AdoptUsers } | undefined;

  constructor(makers: readonly UserMaker[]) {
    this.#makers = makers;
  }

  async open(adopt: AdoptUsers): Promise<void> {
    this.#initial ??= Promise.all(this.#makers.map((make) => make())).then((users) =>
      UserMap.of(users),
    );
    const users = await this.#initial;
    if (this.#open !== undefined) return;
    this.#open = { users, adopt };
    adopt(users, []);
  }

  async change<Outcome extends Revision>(revise: (users: UserMap) => Outcome): Promise<Outcome> {
    if (this.#open === undefined) throw notOpen();
    const { adopt } = this.#open;
    const revision = revise(this.#open.users);
    this.#open = { users: revision.users, adopt };
    adopt(revision.users, revision.changed);
    return Promise.resolve(revision);
  }

  close(): void {
    this.#open = undefined;
  }
}

/** Plain JavaScript may pass anything. */
function isList(value: unknown): boolean {
  return Array.isArray(value);
}

type UserMaker = () => Promise<StoredUser>;

/**
 * Checks the users now, but for hashes that are yet to be made; returns functions that make them.
 */
function userMakers(users: readonly MemoryUser[]): readonly UserMaker[] {
  if (!isList(users)) {
    throw new MisuseError('MemoryUserStore takes a list: [{ name, password, permissions }]');
  }
  const names = new Set<string>();
  return users.map((user) => {
    try {
      if (names.has(user.name)) throw userExists(user.name);
      names.add(user.name);
      return userMaker(user);
    } catch (error) {
      if (!(error instanceof KapacitorAuthError)) throw error;
      throw new MisuseError(`MemoryUserStore, ${JSON.stringify(user.name)}: ${error.message}`);
    }
  });
}

function userMaker({ password, hash, ...user }: MemoryUser): UserMaker {
  if (password === undefined && hash !== undefined) {
    const made = canonicalUser({ ...user, hash });
    return () => Promise.resolve(made);
  }
  if (password === undefined || hash !== undefined) {
    throw invalidRequest('give a password or a hash');
  }
  checkPassword(password);
  canonicalUser({ ...user, hash: STAND_IN });
  return async () => canonicalUser({ ...user, hash: await bcryptHash(password, BCRYPT_COST) });
}
