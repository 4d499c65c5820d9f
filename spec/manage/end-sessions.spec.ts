import { InvalidRequestError, MisuseError } from '../../lib/errors.js';
import type { KapacitorAuth } from '../../lib/index.js';
import { kapacitorAuth, MemoryUserStore } from '../../lib/index.js';
import type { UserChangedEvent } from '../../lib/observe/events.js';
import type { UserStore } from '../../lib/stores/user-store.js';

describe('auth.users.endSessions', () => {
  let store: UserStore;
  let auth: KapacitorAuth;
  let changes: UserChangedEvent[];

  beforeEach(() => {
    store = new MemoryUserStore([
      { name: 'root', password: 'root-pw', type: 'admin' },
      { name: 'amy', password: 'amy-pw', permissions: ['api'], disabled: true },
    ]);
    auth = kapacitorAuth({ store });
    changes = [];
    auth.on('userChanged', (change) => changes.push(change));
  });

  afterEach(() => auth.close());

  it('gives what sessions are bound to another text each time, and leaves all else', async () => {
    const texts = new Set<string | undefined>();
    for (let time = 0; time < 20; time++) {
      const shown = await auth.users?.endSessions('amy');
      expect(shown).toEqual({ name: 'amy', type: 'normal', permissions: ['api'], disabled: true });
      const kept = await store.find('amy');
      expect(kept?.sessions).toMatch(/^[\w-]{22}$/);
      texts.add(kept?.sessions);
    }
    expect(texts.size).toBe(20);
    await auth.users?.endSessions('root');
    const request = { headers: {}, ip: '192.0.2.7' };
    await expect(auth.verify('root', 'root-pw', request)).resolves.toMatchObject({ name: 'root' });
  });

  it('tells of the change, and names nothing of the text', async () => {
    await auth.users?.by({ name: 'root', address: '192.0.2.7' }).endSessions('amy');
    const rights = { type: 'normal', permissions: ['api'], disabled: true };
    expect(changes).toMatchObject([
      {
        ...{ user: 'amy', change: 'updated', fields: ['sessions'] },
        ...{ before: rights, after: rights, actor: 'root', address: '192.0.2.7' },
      },
    ]);
    const { sessions = '?' } = (await store.find('amy')) ?? {};
    expect(JSON.stringify(changes)).not.toContain(sessions);
    for (const shown of [auth.users?.get('amy'), auth.users?.list({ times: true })])
      expect(JSON.stringify(await shown)).not.toContain(sessions);
    expect(JSON.stringify(await auth.users?.listWithHashes())).not.toContain(sessions);
  });

  it('asks the check within the change', async () => {
    const seen: unknown[] = [];
    const refusing = auth.users?.endSessions('amy', {
      actor: 'root',
      check: (user, actor) => {
        seen.push([user.name, actor?.name]);
        throw new InvalidRequestError('ERR_KAUTH_INVALID_REQUEST', 'no');
      },
    });
    await expect(refusing).rejects.toThrow(InvalidRequestError);
    expect(seen).toEqual([['amy', 'root']]);
    expect(await store.find('amy')).not.toHaveProperty('sessions');
    expect(changes).toEqual([]);
  });

  it('refuses who is not there, and a store that would lose it', async () => {
    await expect(auth.users?.endSessions('nobody')).rejects.toMatchObject({
      code: 'ERR_KAUTH_USER_NOT_FOUND',
    });
    Object.defineProperty(store, 'keepsSessions', { value: false });
    await expect(auth.users?.endSessions('amy')).rejects.toThrow(MisuseError);
    await expect(auth.users?.endSessions('amy')).rejects.toThrow('set keepsSessions (UserStore)');
  });
});
