import { GuardedStore } from '../../lib/authenticate/guarded-store.js';
import { BcryptQueue } from '../../lib/authenticate/passwords/bcrypt-queue.js';
import { Passwords } from '../../lib/authenticate/passwords/passwords.js';
import { VerifiedPasswords } from '../../lib/authenticate/passwords/verified-passwords.js';
import { hashPassword } from '../../lib/index.js';
import type { UserUpdate } from '../../lib/manage/user-forms.js';
import { Users } from '../../lib/manage/users.js';
import { MemoryUserStore } from '../../lib/stores/memory-store.js';
import { listeningLogger } from '../support/listening-logger.js';
import { basic, openAuth } from '../support/open-auth.js';

function make(cost = 4) {
  const store = new MemoryUserStore([
    { name: 'root', password: 'pw', type: 'admin' },
    { name: 'amy', password: 'pw', permissions: ['api'] },
  ]);
  const passwords = new Passwords({
    queue: new BcryptQueue(),
    verified: new VerifiedPasswords(1000),
    cost,
    usersCost: () => 4,
  });
  const source = new GuardedStore({
    store: store,
    logger: listeningLogger(),
    onOpen: () => undefined,
    onChange: () => undefined,
  });
  return { store, users: new Users({ store, passwords, guarded: source }) };
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
    ['a very long name', { name: 'x'.repeat(1025), password: 'x' }, '255 bytes'],
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

  describe('by hash', () => {
    const hash = '$2y$05$wooJKfWf4.ZObmVVCA52t.bmQBcr5nJl5timVEYysN1JXX4KUkwBu';

    it('makes and changes users without knowing their password', async () => {
      const { users, store } = make();
      expect(await users.create({ name: 'eve', hash, permissions: ['api'] })).toEqual({
        name: 'eve',
        type: 'normal',
        permissions: ['api'],
      });
      await users.update('amy', { hash });
      expect([store.find('eve')?.hash, store.find('amy')?.hash]).toEqual([hash, hash]);
      expect(store.find('amy')?.permissions).toEqual(['api']);
    });

    it('lists users with their hashes for who asks for just that', async () => {
      const { users } = make();
      await users.create({ name: 'eve', hash, type: 'admin', permissions: ['api'] });
      expect(await users.listWithHashes({ pattern: 'e*' })).toMatchObject([
        { name: 'eve', type: 'admin', permissions: ['api'], hash },
      ]);
      expect(JSON.stringify(await users.list())).not.toContain('$2');
    });

    const digest = hash.slice(7);
    it.each([
      ['another kind of hash', { hash: '{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=' }, 'a bcrypt hash'],
      ['a password instead of a hash', { hash: 'secret' }, 'a bcrypt hash'],
      ['$2x$', { hash: `$2x$10$${digest}` }, 'a bcrypt hash'],
      ['a hash that would take hours', { hash: `$2b$31$${digest}` }, 'cost 31'],
      ['a hash that would take seconds', { hash: `$2b$17$${digest}` }, '16 is the most'],
      ['both', untyped(JSON.stringify({ password: 'x', hash })), 'not both'],
      ['neither', untyped('{}'), 'password is required'],
    ])('refuses %s', async (_what, secret, problem) => {
      const { users } = make();
      const refusal = { status: 400, message: expect.stringContaining(problem) as unknown };
      await expect(users.create({ name: 'eve', ...secret })).rejects.toMatchObject(refusal);
      expect(() => {
        users.check({ name: 'eve', ...secret });
      }).toThrow(expect.objectContaining(refusal));
      if (problem !== 'password is required') {
        await expect(users.update('amy', secret)).rejects.toMatchObject(refusal);
      }
    });

    it('takes the cost that new hashes have, however high', () => {
      const { users } = make(17);
      expect(() => {
        users.check({ name: 'eve', hash: `$2b$17$${digest}` });
      }).not.toThrow();
    });

    it('lets them log in', async () => {
      const auth = openAuth();
      const made = await hashPassword('known elsewhere', 4);
      await auth.users?.create({ name: 'eve', hash: made.replace('$2b$', '$2y$') });
      const headers = { authorization: basic('eve', 'known elsewhere') };
      await expect(Promise.resolve(auth.authenticate({ headers }))).resolves.toMatchObject({
        name: 'eve',
      });
    });
  });
});
