import { setImmediate as turn } from 'node:timers/promises';
import { GuardedStore } from '../../lib/authenticate/guarded-store.js';
import type { CachedUser, UserCacheOptions } from '../../lib/authenticate/user-cache.js';
import { UserCache } from '../../lib/authenticate/user-cache.js';
import { StoreUnavailableError } from '../../lib/errors.js';
import { silentLogger } from '../../lib/logger.js';
import { Tally } from '../../lib/observe/tally.js';
import type { StoredUser } from '../../lib/stores/user-store.js';

const HASH = '$2b$04$8DVcJv4NHBjXQGBeQbqsm.qlSa2JV91HIZyf6v1izjk4Y0FwM/ZgO';
const OTHER = HASH.replace('8D', '9D');
const user = (name: string, hash = HASH): StoredUser => ({
  name,
  type: 'normal',
  hash,
  permissions: [],
});

/** A store that answers when told to, and counts who was asked for. */
async function makeCache(options: Partial<UserCacheOptions> = {}) {
  const users = new Map<string, StoredUser>();
  const asked: string[] = [];
  const state = { isDown: false };
  const source = new GuardedStore({
    store: {
      find: async (name) => {
        asked.push(name);
        const found = users.get(name);
        await turn();
        if (state.isDown) throw new StoreUnavailableError('down');
        return found;
      },
    },
    logger: { ...silentLogger, error: () => undefined },
    onOpen: () => undefined,
    onChange: () => undefined,
  });
  await source.ready();
  const cache = new UserCache(source, { expiration: 60_000, staleIfError: 0, ...options });
  caches.push(cache);
  return { cache, users, asked, state };
}

const caches: UserCache[] = [];
let clock = 0;

beforeEach(() => {
  clock = 1000;
  jest.spyOn(performance, 'now').mockImplementation(() => clock);
});

afterEach(() => {
  jest.restoreAllMocks();
  for (const cache of caches.splice(0)) cache.close();
});

const hashOf = async (found: CachedUser | undefined | Promise<CachedUser | undefined>) =>
  (await found)?.hash;

const freshUser = async (cache: UserCache, name: string) => (await cache.findFresh(name)).user;

describe('the user cache', () => {
  it('asks once for all who want one user at once, and not again before expiry', async () => {
    const { cache, users, asked } = await makeCache();
    users.set('bob', user('bob'));
    const found = await Promise.all(Array.from({ length: 100 }, () => cache.find('bob')));
    expect(new Set(found).size).toBe(1);
    clock += 59_999;
    expect(cache.find('bob')).toBe(found[0]);
    expect(asked).toEqual(['bob']);
    clock += 1;
    await cache.find('bob');
    expect(asked).toEqual(['bob', 'bob']);
  });

  it('counts from when the oldest part of a user was asked for', async () => {
    const { cache, users, asked } = await makeCache();
    clock += 5000;
    users.set('bob', { ...user('bob'), asOf: clock - 800 });
    await cache.find('bob');
    clock += 59_199;
    await cache.find('bob');
    expect(asked).toEqual(['bob']);
    clock += 1;
    await cache.find('bob');
    expect(asked).toEqual(['bob', 'bob']);
  });

  it('does not keep unknown names', async () => {
    const { cache, users } = await makeCache();
    await expect(cache.find('bob')).resolves.toBeUndefined();
    users.set('bob', user('bob'));
    await expect(hashOf(cache.find('bob'))).resolves.toBe(HASH);
  });

  it.each(['bob', undefined])('forgets at once when told that %s changed', async (name) => {
    const { cache, users } = await makeCache();
    users.set('bob', user('bob'));
    await cache.find('bob');
    const { version } = cache;
    users.set('bob', user('bob', OTHER));
    cache.invalidate(name);
    expect(cache.version).not.toBe(version);
    await expect(hashOf(cache.find('bob'))).resolves.toBe(OTHER);
  });

  it('forgets nobody else', async () => {
    const { cache, users, asked } = await makeCache();
    for (const name of ['bob', 'eve']) users.set(name, user(name));
    await Promise.all([cache.find('bob'), cache.find('eve')]);
    cache.invalidate('bob');
    expect(cache.recall('bob')).toBeUndefined();
    await cache.find('eve');
    expect(asked).toEqual(['bob', 'eve']);
  });

  it('recalls who was looked up, until that expires, without a look-up', async () => {
    const { cache, users, asked } = await makeCache();
    users.set('bob', user('bob'));
    expect(cache.recall('bob')).toBeUndefined();
    const found = await cache.find('bob');
    expect(found?.user.source).toBe('local');
    clock += 59_999;
    expect(cache.recall('bob')).toBe(found);
    clock += 1;
    expect(cache.recall('bob')).toBeUndefined();
    expect(asked).toEqual(['bob']);
  });

  it('counts what it knew and what it had to ask for', async () => {
    const tally = new Tally();
    const { cache, users } = await makeCache({ tally });
    users.set('bob', user('bob'));
    for (const name of ['bob', 'bob', 'bob', 'eve']) await cache.find(name);
    expect(tally.users).toEqual({ hits: 2, misses: 2 });
  });

  it('has forgotten everybody once it is closed', async () => {
    const { cache, users } = await makeCache();
    users.set('bob', user('bob'));
    await cache.find('bob');
    cache.close();
    expect(cache.recall('bob')).toBeUndefined();
  });

  it('shares one look-up among those who ask after a change, though an earlier one ends meanwhile', async () => {
    const { cache, users, asked } = await makeCache();
    users.set('bob', user('bob'));
    const early = cache.find('bob');
    cache.invalidate('bob');
    const later = cache.find('bob');
    const ended = Promise.resolve(early).then(() => cache.find('bob'));
    await Promise.all([early, later, ended]);
    expect(asked).toEqual(['bob', 'bob']);
  });

  it('keeps entries as long as they may be served, by the wall clock also', async () => {
    const options = { expiration: 20_000, staleIfError: 60_000 };
    const { cache, users, state } = await makeCache(options);
    users.set('bob', user('bob'));
    const now = Date.now();
    const wall = jest.spyOn(Date, 'now').mockReturnValue(now);
    await cache.find('bob');
    state.isDown = true;
    clock += 79_000;
    wall.mockReturnValue(now + 79_000);
    await expect(hashOf(cache.find('bob'))).resolves.toBe(HASH);
  });

  it('does not keep what was looked up before a change and answered after it', async () => {
    const { cache, users } = await makeCache();
    users.set('bob', user('bob'));
    const early = cache.find('bob');
    users.set('bob', user('bob', OTHER));
    cache.invalidate('bob');
    await expect(hashOf(early)).resolves.toBe(HASH);
    await expect(hashOf(cache.find('bob'))).resolves.toBe(OTHER);
  });

  it('keeps nothing when nothing may be cached', async () => {
    const { cache, users, asked } = await makeCache({ expiration: 0 });
    users.set('bob', user('bob'));
    await cache.find('bob');
    await cache.find('bob');
    expect(asked).toHaveLength(2);
  });

  it('serves nobody in place of the store when nothing may be cached', async () => {
    const { cache, users, state } = await makeCache({ expiration: 0, staleIfError: 60_000 });
    users.set('bob', user('bob'));
    await cache.find('bob');
    state.isDown = true;
    await expect(cache.find('bob')).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  it('takes fresh users past the cache and tells when they differ', async () => {
    const { cache, users } = await makeCache();
    users.set('bob', user('bob'));
    await cache.find('bob');
    const { version } = cache;
    await cache.findFresh('bob');
    expect(cache.version).toBe(version);
    users.set('bob', user('bob', OTHER));
    await expect(hashOf(freshUser(cache, 'bob'))).resolves.toBe(OTHER);
    expect(cache.version).not.toBe(version);
    await expect(hashOf(cache.find('bob'))).resolves.toBe(OTHER);
    users.delete('bob');
    await expect(freshUser(cache, 'bob')).resolves.toBeUndefined();
    await expect(cache.find('bob')).resolves.toBeUndefined();
  });

  it('takes fresh users whom it has not seen, or that do not exist', async () => {
    const { cache, users } = await makeCache();
    await expect(freshUser(cache, 'bob')).resolves.toBeUndefined();
    users.set('bob', user('bob'));
    await expect(hashOf(freshUser(cache, 'bob'))).resolves.toBe(HASH);
  });

  it('is unavailable when the store is, once a user expired', async () => {
    const { cache, users, state } = await makeCache();
    users.set('bob', user('bob'));
    await cache.find('bob');
    state.isDown = true;
    clock += 59_999;
    await expect(hashOf(cache.find('bob'))).resolves.toBe(HASH);
    clock += 1;
    await expect(cache.find('bob')).rejects.toBeInstanceOf(StoreUnavailableError);
    await expect(cache.find('eve')).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  it('serves expired users for stale-if-error while the store is unavailable, nobody else', async () => {
    const { cache, users, state } = await makeCache({ staleIfError: 30_000 });
    users.set('bob', user('bob'));
    await cache.find('bob');
    state.isDown = true;
    clock += 89_999;
    await expect(hashOf(cache.find('bob'))).resolves.toBe(HASH);
    await expect(cache.find('eve')).rejects.toBeInstanceOf(StoreUnavailableError);
    clock += 1;
    await expect(cache.find('bob')).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  it.each(['__proto__', 'constructor', 'toString', 'v', 'hasOwnProperty'])(
    'knows the user %s as any other, and none when there is none',
    async (name) => {
      const { cache, users } = await makeCache();
      users.set('bob', user('bob'));
      await cache.find('bob');
      await expect(cache.find(name)).resolves.toBeUndefined();
      users.set(name, user(name, OTHER));
      await expect(hashOf(cache.find(name))).resolves.toBe(OTHER);
      expect(await hashOf(cache.find(name))).toBe(OTHER);
      await expect(hashOf(cache.find('bob'))).resolves.toBe(HASH);
    },
  );

  it('stays within its bounds and keeps who is in use', async () => {
    const { cache, users, asked } = await makeCache({ maxUsers: 10 });
    for (let index = 0; index < 200; index += 1)
      users.set(`u${String(index)}`, user(`u${String(index)}`));
    users.set('regular', user('regular'));
    for (let index = 0; index < 200; index += 1) {
      await cache.find(`u${String(index)}`);
      await cache.find('regular');
    }
    expect(asked.filter((name) => name === 'regular')).toHaveLength(1);
    asked.length = 0;
    // The last ten at least: nine and the regular.
    for (let index = 199; index > 190; index -= 1) await cache.find(`u${String(index)}`);
    expect(asked).toEqual([]);
    for (let index = 0; index < 200; index += 1) await cache.find(`u${String(index)}`);
    expect(asked.length).toBeGreaterThanOrEqual(180);
  });
});
