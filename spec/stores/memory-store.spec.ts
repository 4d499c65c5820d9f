import { compare } from 'bcrypt';
import { userStoreContract } from 'kapacitor-auth/store-contract';
import type { MemoryUser } from '../../lib/stores/memory-store.js';
import { MemoryUserStore } from '../../lib/stores/memory-store.js';
import { KEEPING_ALL } from '../support/keeping-all.js';

const HASH = `$2b$05$${'a'.repeat(53)}`;

describe('a MemoryUserStore as a user store', () => {
  const options = { durable: false, shared: false, subscriptions: true, ...KEEPING_ALL };
  for (const { name, run } of userStoreContract(() => new MemoryUserStore(), options)) {
    it(name, run);
  }
});

describe('a MemoryUserStore', () => {
  it.each([{ amy: 'pw' }, 'amy', null])('takes a list of users, not %j', (users) => {
    expect(() => new MemoryUserStore(users as unknown as MemoryUser[])).toThrow(
      expect.objectContaining({
        code: 'ERR_KAUTH_MISUSE',
        message: expect.stringContaining('MemoryUserStore takes a list') as unknown,
      }),
    );
  });

  it('knows the users it was given, their passwords hashed at the lowest cost', async () => {
    const store = new MemoryUserStore([
      { name: 'root', password: 'root:pw', type: 'admin' },
      { name: 'amy', hash: HASH, permissions: ['api', 'write_points', 'config_api'] },
    ]);
    await store.open();
    const root = store.find('root');
    expect(root).toMatchObject({ name: 'root', type: 'admin', permissions: [] });
    expect(root?.hash).toMatch(/^\$2b\$04\$/);
    expect(await compare('root:pw', root?.hash ?? '')).toBe(true);
    expect(store.find('amy')).toEqual({
      name: 'amy',
      type: 'normal',
      hash: HASH,
      permissions: ['all'],
    });
    expect(store.hashCost).toBe(5);
  });

  it('is empty until it is opened', async () => {
    const store = new MemoryUserStore([{ name: 'amy', hash: HASH }]);
    expect(() => store.find('amy')).toThrow('the user store is not open');
    expect(store.hashCost).toBe(0);
    await Promise.all([store.open(), store.open()]);
    expect(store.list()).toHaveLength(1);
  });

  it('forgets all changes when it is closed', async () => {
    const store = new MemoryUserStore([{ name: 'amy', password: 'amy-pw' }]);
    await store.open();
    const users = store.list();
    await store.delete('amy');
    await store.close();
    await store.open();
    expect(store.list()).toEqual(users);
  });

  it('is not changed by a change of what it was given', async () => {
    const users: MemoryUser[] = [{ name: 'amy', hash: HASH }];
    const store = new MemoryUserStore(users);
    Object.assign(users[0] ?? {}, { name: 'eve', type: 'admin' });
    users.pop();
    await store.open();
    expect(store.list()).toMatchObject([{ name: 'amy', type: 'normal' }]);
  });

  const wrong: readonly (readonly [what: string, user: unknown, problem: string])[] = [
    ['no name', { password: 'pw' }, 'undefined: name must be a string'],
    ['an empty name', { name: '', password: 'pw' }, '"": username is required'],
    ['neither password nor hash', { name: 'bob' }, '"bob": give a password or a hash'],
    [
      'both password and hash',
      { name: 'bob', password: 'pw', hash: HASH },
      '"bob": give a password or a hash',
    ],
    ['an empty password', { name: 'bob', password: '' }, '"bob": password is required'],
    [
      'a password that bcrypt would cut off',
      { name: 'bob', password: 'é'.repeat(37) },
      '"bob": password must not be longer than 72 bytes: bcrypt would ignore the rest',
    ],
    [
      'a password that can not be sent',
      { name: 'bob', password: 'a\nb' },
      '"bob": password must not contain control characters or broken Unicode',
    ],
    [
      'a hash of another scheme',
      { name: 'bob', hash: 'pw' },
      '"bob": hash must be a bcrypt hash: $2a$, $2b$ or $2y$, cost 04 to 31',
    ],
    [
      'an unknown type',
      { name: 'bob', password: 'pw', type: 'root' },
      '"bob": type must be "admin" or "normal"',
    ],
    [
      'an unknown permission',
      { name: 'bob', password: 'pw', permissions: ['fly'] },
      '"bob": permissions must be among none, api, config_api, write_points, all',
    ],
    ['an unknown key', { name: 'bob', password: 'pw', role: 1 }, '"bob": Unrecognized key: "role"'],
    ['a name that is taken', { name: 'amy', password: 'pw' }, '"amy": user "amy" already exists'],
  ];

  it.each(wrong)('refuses a user with %s when it is made', (_, user, problem) => {
    const users = [{ name: 'amy', hash: HASH }, user];
    // As a caller without types would.
    expect((): unknown => Reflect.construct(MemoryUserStore, [users])).toThrow(
      expect.objectContaining({
        code: 'ERR_KAUTH_MISUSE',
        message: `MemoryUserStore, ${problem}`,
      }),
    );
  });

  it('refuses what is no user at all', () => {
    expect((): unknown => Reflect.construct(MemoryUserStore, [[null]])).toThrow(TypeError);
  });
});
