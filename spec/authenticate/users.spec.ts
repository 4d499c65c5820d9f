import { BcryptQueue } from '../../lib/authenticate/bcrypt-queue.js';
import { Passwords } from '../../lib/authenticate/passwords.js';
import { Users } from '../../lib/authenticate/users.js';
import type { UserUpdate } from '../../lib/authenticate/users.js';
import { VerifiedPasswords } from '../../lib/authenticate/verified-passwords.js';
import { MemoryUserStore } from '../../lib/stores/memory-store.js';

function make() {
  const store = new MemoryUserStore([
    { name: 'root', password: 'pw', type: 'admin' },
    { name: 'amy', password: 'pw', permissions: ['api'] },
  ]);
  const passwords = new Passwords({
    queue: new BcryptQueue(),
    verified: new VerifiedPasswords(1000),
    cost: 4,
    usersCost: () => 4,
  });
  return { store, users: new Users(store, passwords, () => store.open()) };
}

/** A value as a caller without a compiler may pass it. */
function untyped(json: string): never {
  return JSON.parse(json) as never;
}

describe('managing users', () => {
  it('makes, changes, shows and deletes them, and never shows a hash', async () => {
    const { users, store } = make();
    const shown = [
      await users.create({ name: 'ben', password: 'secret', permissions: ['write_points', 'api'] }),
      await users.update('ben', { permissions: ['config_api', 'api', 'write_points'] }),
      await users.update('ben', { type: 'admin' }),
      await users.update('ben', { type: 'normal', password: 'other' }),
      await users.get('ben'),
      await users.get('nobody'),
    ];
    expect(shown).toEqual([
      { name: 'ben', type: 'normal', permissions: ['api', 'write_points'] },
      { name: 'ben', type: 'normal', permissions: ['all'] },
      { name: 'ben', type: 'admin', permissions: [] },
      { name: 'ben', type: 'normal', permissions: [] },
      { name: 'ben', type: 'normal', permissions: [] },
      undefined,
    ]);
    expect((await users.list()).map(({ name }) => name)).toEqual(['amy', 'ben', 'root']);
    expect(await users.list({ pattern: 'a*', limit: 1 })).toEqual([
      { name: 'amy', type: 'normal', permissions: ['api'] },
    ]);
    expect(store.find('ben')?.hash).toMatch(/^\$2b\$04\$/);
    expect([await users.delete('ben'), await users.delete('ben')]).toEqual([true, false]);
  });

  it.each<[string, Parameters<Users['create']>[0], string]>([
    ['no name', { name: '', password: 'x' }, 'username is required'],
    ['a bad name', { name: 'a b', password: 'x' }, 'username must contain only letters'],
    ['a name that is a path', { name: '..', password: 'x' }, 'username must contain only letters'],
    ['a very long name', { name: 'x'.repeat(1025), password: 'x' }, '1024 bytes'],
    ['no password', { name: 'eve', password: '' }, 'password is required'],
    ['too long a password', { name: 'eve', password: 'x'.repeat(73) }, '72 bytes'],
    [
      'a bad type',
      { name: 'eve', password: 'x', type: untyped('"boss"') },
      'type must be "admin" or "normal"',
    ],
    [
      'a bad permission',
      { name: 'eve', password: 'x', permissions: untyped('["fly"]') },
      '"fly" is no permission; accepted are none, api',
    ],
  ])('refuses %s', async (_what, user, problem) => {
    const { users } = make();
    await expect(users.create(user)).rejects.toMatchObject({
      code: 'ERR_KAUTH_INVALID_REQUEST',
      message: expect.stringContaining(problem) as unknown,
    });
    await expect(users.get('eve')).resolves.toBeUndefined();
  });

  it.each<UserUpdate>([
    { password: '' },
    { type: untyped('"boss"') },
    { permissions: untyped('["api","toString"]') },
  ])('refuses to change a user to %j', async (update) => {
    const { users, store } = make();
    await users.get('amy');
    const before = store.find('amy');
    await expect(users.update('amy', update)).rejects.toMatchObject({ status: 400 });
    expect(store.find('amy')).toEqual(before);
  });

  it('refuses what contradicts the users there are', async () => {
    const { users } = make();
    await expect(users.create({ name: 'amy', password: 'x' })).rejects.toMatchObject({
      code: 'ERR_KAUTH_USER_EXISTS',
    });
    await expect(users.update('nobody', {})).rejects.toMatchObject({
      code: 'ERR_KAUTH_USER_NOT_FOUND',
    });
    await expect(users.delete('root')).rejects.toMatchObject({ code: 'ERR_KAUTH_LAST_ADMIN' });
    await expect(users.update('root', { type: 'normal' })).rejects.toMatchObject({
      code: 'ERR_KAUTH_LAST_ADMIN',
    });
    await expect(users.delete('root', { force: true })).resolves.toBe(true);
  });
});
