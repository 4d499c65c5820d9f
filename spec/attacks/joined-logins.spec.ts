import { hash } from 'bcrypt';
import type { KapacitorAuth, Users, UserSource, UserStore } from '../../lib/index.js';
import { MemoryUserStore } from '../../lib/index.js';
import { listeningLogger } from '../support/listening-logger.js';
import { basic, openAuth } from '../support/open-auth.js';

/** Long enough for a change to come between. */
const SLOW = 9;

interface Attempt {
  readonly headers: { readonly authorization?: string };
  readonly url: string;
  readonly ip: string;
}

const inHeader = {
  headers: { authorization: basic('amy', 'amy-pw') },
  url: '/',
  ip: '203.0.113.7',
};
const inQuery = { headers: {}, url: '/?u=amy&p=amy-pw', ip: '203.0.113.7' };

const show = async (auth: KapacitorAuth, attempt: Attempt): Promise<string> =>
  Promise.resolve(auth.authenticate(attempt)).then(
    ({ name, type }) => `${name} (${type})`,
    (error: unknown) => (error as { code: string }).code,
  );

let amysHash: string;
let otherHash: string;

beforeAll(async () => {
  [amysHash, otherHash] = await Promise.all([hash('amy-pw', SLOW), hash('other', SLOW)]);
});

describe.each([
  ['a header', inHeader],
  ['a query', inQuery],
])('a login in %s that begins after a change was acknowledged', (_where, attempt) => {
  const store = () =>
    new MemoryUserStore([
      { name: 'root', hash: otherHash, type: 'admin' },
      { name: 'amy', hash: amysHash, type: 'admin' },
    ]);

  const changes: readonly (readonly [string, (users: Users) => Promise<unknown>, string])[] = [
    ['deleted', (users) => users.delete('amy'), 'ERR_KAUTH_FAILED'],
    ['demoted', (users) => users.update('amy', { type: 'normal' }), 'amy (normal)'],
    [
      'given another password',
      (users) => users.update('amy', { hash: otherHash }),
      'ERR_KAUTH_FAILED',
    ],
    [
      'made anew with another password',
      async (users) => {
        await users.delete('amy');
        await users.create({ name: 'amy', hash: otherHash });
      },
      'ERR_KAUTH_FAILED',
    ],
  ];

  it.each(changes)('is judged by it, if the user was %s', async (_what, change, answer) => {
    const auth = openAuth({ store: store() });
    await auth.ready();
    // Still being verified when the change comes.
    const early = show(auth, attempt);
    await new Promise(setImmediate);
    const { users } = auth;
    if (users === undefined) throw new Error('no users');
    await change(users);
    expect(await show(auth, attempt)).toBe(answer);
    await early;
    for (let time = 0; time < 3; time += 1) expect(await show(auth, attempt)).toBe(answer);
  });
});

describe('a login of a user whose source verifies passwords', () => {
  /** A directory whose answers take until they are let go. */
  function directory() {
    const state = { password: 'old' };
    const asked: (() => void)[] = [];
    let tell: (name?: string) => void = () => undefined;
    const source: UserSource = {
      find: (name) => ({ name, type: 'normal', permissions: [], hash: '' }),
      verify: async (_name, password) => {
        const right = password === state.password;
        await new Promise<void>((resolve) => asked.push(resolve));
        return right;
      },
      watch: (listener) => {
        tell = listener;
        return () => undefined;
      },
    };
    const change = (password: string): void => {
      state.password = password;
      tell('amy');
    };
    const letGo = (): void => {
      for (const answer of asked.splice(0)) answer();
    };
    return { source, change, letGo };
  }

  const login = (auth: KapacitorAuth, password: string) =>
    show(auth, { ...inHeader, headers: { authorization: basic('amy', password) } });

  it('forgets the passwords of before when it is told of a change', async () => {
    const { source, change, letGo } = directory();
    const auth = openAuth({ store: source });
    await auth.ready();
    const answering = setInterval(letGo, 1);
    try {
      expect(await login(auth, 'old')).toBe('amy (normal)');
      for (const password of ['new', 'newer']) {
        change(password);
        expect(await login(auth, 'old')).toBe('ERR_KAUTH_FAILED');
        expect(await login(auth, password)).toBe('amy (normal)');
      }
      expect(await login(auth, 'new')).toBe('ERR_KAUTH_FAILED');
    } finally {
      clearInterval(answering);
    }
  });

  it('does not share an answer from before a change', async () => {
    const { source, change, letGo } = directory();
    const auth = openAuth({ store: source });
    await auth.ready();
    const early = login(auth, 'old');
    await new Promise(setImmediate);
    change('new');
    const late = login(auth, 'old');
    await new Promise(setImmediate);
    letGo();
    expect(await early).toBe('amy (normal)');
    expect(await late).toBe('ERR_KAUTH_FAILED');
    const again = login(auth, 'old');
    await new Promise(setImmediate);
    letGo();
    expect(await again).toBe('ERR_KAUTH_FAILED');
  });
});

describe('a store of one’s own that tells of no changes', () => {
  /** All of a memory store but `watch`. */
  async function silent(): Promise<UserStore> {
    const store = new MemoryUserStore([
      { name: 'root', hash: otherHash, type: 'admin' },
      { name: 'amy', hash: amysHash },
    ]);
    await store.open();
    const { subscriptions } = store;
    return {
      subscriptions,
      find: (name) => store.find(name),
      list: (options) => store.list(options),
      create: (user, options) => store.create(user, options),
      update: (name, changes, options) => store.update(name, changes, options),
      delete: (name, options) => store.delete(name, options),
      replaceHash: (name, expected, made) => store.replaceHash(name, expected, made),
    };
  }

  it.each(['10m', '0s'])(
    'shows changes made here at once, cached for %s',
    async (cacheExpiration) => {
      const auth = openAuth({
        store: await silent(),
        auth: { bcryptCost: 4, cacheExpiration },
        logger: listeningLogger(),
      });
      expect(await show(auth, inHeader)).toBe('amy (normal)');
      await auth.users?.update('amy', { type: 'admin' });
      expect(await show(auth, inHeader)).toBe('amy (admin)');
      await auth.users?.update('amy', { hash: otherHash });
      expect(await show(auth, inHeader)).toBe('ERR_KAUTH_FAILED');
      await auth.users?.delete('amy');
      expect(await auth.find('amy')).toBeUndefined();
      await auth.users?.create({ name: 'amy', hash: amysHash });
      expect(await show(auth, inHeader)).toBe('amy (normal)');
    },
  );

  it('shows at once that a subscription token was revoked', async () => {
    const auth = openAuth({ store: await silent() });
    const granted = await auth.subscriptions?.grant({ database: 'telegraf' });
    const push = {
      ...inHeader,
      headers: { authorization: basic('~subscriber', granted?.token ?? '') },
    };
    expect(await show(auth, push)).toBe('~subscriber (normal)');
    await auth.subscriptions?.revoke(granted?.id ?? '');
    expect(await show(auth, push)).toBe('ERR_KAUTH_SUBSCRIPTION_TOKEN');
  });
});
