import { devNull } from 'node:os';
import type { KapacitorAuth, Users } from '../../lib/index.js';
import { kapacitorAuth, MemoryUserStore, StoreUnavailableError } from '../../lib/index.js';
import type { KeepPassword } from '../../lib/server/first-admin.js';
import { createFirstAdmin } from '../../lib/server/first-admin.js';
import { listeningLogger } from '../support/listening-logger.js';
import { basic } from '../support/open-auth.js';

describe('createFirstAdmin', () => {
  const opened: KapacitorAuth[] = [];

  function usersOf(store: MemoryUserStore): Users {
    const auth = kapacitorAuth({ configFile: devNull, store, logger: listeningLogger() });
    opened.push(auth);
    if (auth.users === undefined) throw new Error('these users cannot be managed');
    return auth.users;
  }

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((auth) => auth.close()));
  });

  it('makes an administrator with a random password of 24 bytes', async () => {
    const users = usersOf(new MemoryUserStore());
    const first = await createFirstAdmin(users, { environment: {} });
    expect(first).toEqual({ name: 'admin', password: expect.stringMatching(/^[\w-]{32}$/) });
    await expect(users.list()).resolves.toEqual([
      { name: 'admin', type: 'admin', permissions: [] },
    ]);
    const other = await createFirstAdmin(usersOf(new MemoryUserStore()), { environment: {} });
    expect(other?.password).not.toBe(first?.password);
  });

  it('takes the password of KAPACITOR_ADMIN_PASSWORD and does not tell it', async () => {
    const store = new MemoryUserStore();
    const environment = { KAPACITOR_ADMIN_PASSWORD: 'chosen-password' };
    await expect(createFirstAdmin(usersOf(store), { environment })).resolves.toEqual({
      name: 'admin',
      password: undefined,
    });
    const authorization = basic('admin', 'chosen-password');
    await expect(opened[0]?.authenticate({ headers: { authorization } })).resolves.toMatchObject({
      name: 'admin',
      admin: true,
    });
  });

  it('takes an empty KAPACITOR_ADMIN_PASSWORD for none', async () => {
    const first = await createFirstAdmin(usersOf(new MemoryUserStore()), {
      environment: {
        KAPACITOR_ADMIN_PASSWORD: '',
      },
    });
    expect(first?.password).toHaveLength(32);
  });

  it('leaves a store alone that has a user', async () => {
    const users = usersOf(new MemoryUserStore([{ name: 'amy', password: 'amy-password' }]));
    await expect(createFirstAdmin(users, { environment: {} })).resolves.toBeUndefined();
    await expect(users.list()).resolves.toHaveLength(1);
  });

  it('makes one administrator when two servers start at once', async () => {
    const store = new MemoryUserStore();
    const made = await Promise.all([
      createFirstAdmin(usersOf(store), { environment: {} }),
      createFirstAdmin(usersOf(store), { environment: {} }),
    ]);
    expect(made.filter((first) => first !== undefined)).toHaveLength(1);
    await expect(usersOf(store).list()).resolves.toHaveLength(1);
  });

  it.each([
    ['too long', 'x'.repeat(73), /^KAPACITOR_ADMIN_PASSWORD: .*72 bytes/],
    ['unspeakable', 'a\u0007b', /^KAPACITOR_ADMIN_PASSWORD: .*control characters/],
  ])('says that the variable is wrong when its password is %s', async (_what, value, problem) => {
    const users = usersOf(new MemoryUserStore());
    const made = createFirstAdmin(users, { environment: { KAPACITOR_ADMIN_PASSWORD: value } });
    await expect(made).rejects.toThrow(problem);
    await expect(made).rejects.not.toThrow(value);
  });

  /** Keeps passwords, and tells what became of them. */
  function keeping(told: string[]): KeepPassword {
    return (password) => {
      told.push(`keep ${String(password.length)}`);
      const tell = (word: string) => (): Promise<void> => {
        told.push(word);
        return Promise.resolve();
      };
      return Promise.resolve({ settle: tell('settle'), drop: tell('drop') });
    };
  }

  /** Tells when it makes a user. */
  class Telling extends MemoryUserStore {
    readonly #told: string[];
    constructor(told: string[]) {
      super();
      this.#told = told;
    }
    override create(
      ...words: Parameters<MemoryUserStore['create']>
    ): ReturnType<MemoryUserStore['create']> {
      this.#told.push('create');
      return super.create(...words);
    }
  }

  class Failing extends Telling {
    readonly #writes: boolean;
    constructor(told: string[], writes: boolean) {
      super(told);
      this.#writes = writes;
    }
    override async create(...words: Parameters<MemoryUserStore['create']>): Promise<never> {
      if (this.#writes) await super.create(...words);
      throw new StoreUnavailableError('the database went away');
    }
  }

  it('has its password kept before the administrator is made', async () => {
    const told: string[] = [];
    await createFirstAdmin(usersOf(new Telling(told)), { environment: {}, keep: keeping(told) });
    expect(told).toEqual(['keep 32', 'create', 'settle']);
  });

  it.each([
    ['drops it', 'was not made', false, ['keep 32', 'drop']],
    ['leaves it', 'may have been made', true, ['keep 32', 'create']],
  ])('%s if the administrator %s', async (_what, _when, writes, expected) => {
    const told: string[] = [];
    const made = createFirstAdmin(usersOf(new Failing(told, writes)), {
      environment: {},
      keep: keeping(told),
    });
    await expect(made).rejects.toThrow('the database went away');
    expect(told).toEqual(expected);
  });

  it('has nothing kept if the operator chose the password, or if there is a user', async () => {
    const told: string[] = [];
    const users = usersOf(new MemoryUserStore());
    await createFirstAdmin(users, {
      environment: { KAPACITOR_ADMIN_PASSWORD: 'chosen-password' },
      keep: keeping(told),
    });
    await createFirstAdmin(users, { environment: {}, keep: keeping(told) });
    expect(told).toEqual([]);
  });

  it('fails when the store does', async () => {
    class ReadOnly extends MemoryUserStore {
      override create(): Promise<never> {
        return Promise.reject(new StoreUnavailableError('the disk is full'));
      }
    }
    await expect(createFirstAdmin(usersOf(new ReadOnly()), { environment: {} })).rejects.toThrow(
      'the disk is full',
    );
  });
});
