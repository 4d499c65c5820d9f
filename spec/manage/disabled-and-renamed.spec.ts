import type { UserChangedEvent, UserStore } from '../../lib/index.js';
import { MemoryUserStore } from '../../lib/index.js';
import { basic, bearer, openAuth, people, SECRET } from '../support/open-auth.js';

const HTTP = { authEnabled: true, sharedSecret: SECRET };

function opened(store?: UserStore) {
  const auth = openAuth({ http: HTTP, ...(store && { store }) });
  const events: UserChangedEvent[] = [];
  auth.on('userChanged', (event) => events.push(event));
  const { users } = auth;
  if (users === undefined) throw new Error('no users');
  return { auth, users, events };
}

/** A store of one's own with no more than it must have. */
function least(): UserStore {
  const kept = new MemoryUserStore(people);
  return {
    open: () => kept.open(),
    find: (name) => kept.find(name),
    list: (options) => kept.list(options),
    create: (user, options) => kept.create(user, options),
    update: (name, changes, options) => kept.update(name, changes, options),
    delete: (name, options) => kept.delete(name, options),
    replaceHash: (name, expected, replacement) => kept.replaceHash(name, expected, replacement),
    close: () => kept.close(),
  };
}

describe('users', () => {
  it('are shown as disabled only if they are', async () => {
    const { users } = opened();
    const amy = { name: 'amy', type: 'normal', permissions: ['api'] };
    expect(await users.update('amy', { disabled: true })).toEqual({ ...amy, disabled: true });
    expect(await users.get('amy')).toEqual({ ...amy, disabled: true });
    expect(await users.list({ pattern: 'amy' })).toEqual([{ ...amy, disabled: true }]);
    expect(await users.update('amy', { disabled: false })).toEqual(amy);
  });

  it('are listed with their times if these are asked for', async () => {
    const { users } = opened();
    await users.create({ name: 'eve', password: 'eve-pw' });
    const [eve] = await users.list({ pattern: 'eve', times: true });
    expect(Date.parse(eve?.created ?? '')).toBeLessThanOrEqual(Date.now());
    expect(eve?.changed).toBe(eve?.created);
    expect(await users.list({ pattern: 'eve' })).toEqual([
      { name: 'eve', type: 'normal', permissions: [] },
    ]);
    const [kept] = await users.listWithHashes({ pattern: 'eve' });
    expect(kept).toMatchObject({ created: eve?.created, changed: eve?.changed });
  });

  it('keep the time at which they were added elsewhere', async () => {
    const { users } = opened();
    const created = '2020-02-29T12:00:00.000Z';
    const hash = `$2b$04$${'a'.repeat(53)}`;
    await users.create({ name: 'eve', hash, created });
    await users.putAll([{ name: 'kim', hash, created }]);
    for (const name of ['eve', 'kim'])
      expect(await users.list({ pattern: name, times: true })).toMatchObject([{ created }]);
    await expect(users.create({ name: 'x', hash, created: 'yesterday' })).rejects.toThrow(
      'created must be a time',
    );
  });

  it('are renamed with all that they have; what the old name had ends', async () => {
    const { auth, users, events } = opened();
    const login = async (name: string) =>
      (await auth.authenticate({ headers: { authorization: basic(name, 'amy-pw') } })).name;
    const token = async () =>
      (await auth.authenticate({ headers: { authorization: bearer('amy') } })).name;
    expect([await login('amy'), await token()]).toEqual(['amy', 'amy']);
    const rights = { type: 'normal', permissions: ['api'] };
    expect(await users.rename('amy', 'zoë')).toEqual({ name: 'zoë', ...rights });
    expect(await login('zoë')).toBe('zoë');
    await expect(login('amy')).rejects.toMatchObject({ code: 'ERR_KAUTH_FAILED' });
    await expect(token()).rejects.toMatchObject({ code: 'ERR_KAUTH_FAILED' });
    expect(await auth.find('amy')).toBeUndefined();
    expect(events).toEqual([
      {
        user: 'amy',
        change: 'renamed',
        renamedTo: 'zoë',
        fields: ['name'],
        before: rights,
        after: rights,
        actor: undefined,
        address: undefined,
      },
    ]);
  });

  it.each([
    ['amy', 'root', 'ERR_KAUTH_USER_EXISTS'],
    ['amy', 'a b', 'ERR_KAUTH_INVALID_REQUEST'],
    ['nobody', 'zoe', 'ERR_KAUTH_USER_NOT_FOUND'],
  ])('are not renamed from %s to %s', async (name, to, code) => {
    const { users, events } = opened();
    await expect(users.rename(name, to)).rejects.toMatchObject({ code });
    expect(events).toEqual([]);
  });

  it('of a store that can do neither are refused to be disabled or renamed', async () => {
    const { users } = opened(least());
    await expect(users.rename('amy', 'zoe')).rejects.toThrow(/it has no method rename/);
    await expect(users.update('amy', { disabled: true })).rejects.toThrow(/keepsDisabled/);
    await expect(users.create({ name: 'eve', password: 'pw', disabled: true })).rejects.toThrow(
      /keepsDisabled/,
    );
    expect(await users.update('amy', { disabled: false })).toMatchObject({ name: 'amy' });
  });
});
