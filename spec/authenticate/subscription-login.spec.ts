import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type {
  GrantedSubscription,
  KapacitorAuth,
  KapacitorUser,
  NewSubscription,
  UserSource,
} from '../../lib/index.js';
import {
  FileUserStore,
  judgeApiRequest,
  MemoryUserStore,
  SqliteUserStore,
} from '../../lib/index.js';
import { listeningLogger } from '../support/listening-logger.js';
import { basic, openAuth, people } from '../support/open-auth.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

/** For what is not the matter here, such as that there are no users. */
const logger = listeningLogger();
const folder = temporaryFolder();
let places = 0;

/** Each kind of local store, in a new place. */
const STORES: readonly (readonly [kind: string, make: () => () => UserSource])[] = [
  [
    'memory',
    () => {
      const store = new MemoryUserStore(people);
      return () => store;
    },
  ],
  ['file', () => at((path) => new FileUserStore(`${path}.json`))],
  ['sqlite', () => at((path) => new SqliteUserStore(`${path}.db`))],
];

function at(open: (path: string) => UserSource): () => UserSource {
  const path = join(folder, `store${String(++places)}`);
  return () => open(path);
}

async function grant(auth: KapacitorAuth, wish: NewSubscription): Promise<GrantedSubscription> {
  if (auth.subscriptions === undefined) throw new Error('no subscriptions are kept');
  return auth.subscriptions.grant(wish);
}

async function login(auth: KapacitorAuth, token: string): Promise<KapacitorUser> {
  return auth.authenticate({ headers: { authorization: basic('~subscriber', token) } });
}

const refusal = {
  status: 401,
  code: 'ERR_KAUTH_SUBSCRIPTION_TOKEN',
  message: 'invalid subscription token',
  headers: { 'WWW-Authenticate': ['Basic realm="kapacitor", charset="UTF-8"'] },
};

describe.each(STORES)('a subscription token, kept in a %s store', (_kind, make) => {
  it('may write to its database, ping, and do nothing else', async () => {
    const auth = openAuth({ store: make()(), logger });
    const { token } = await grant(auth, { database: 'tele/graf' });
    const user = await login(auth, token);
    expect(JSON.parse(JSON.stringify(user))).toEqual({
      name: '~subscriber',
      type: 'normal',
      permissions: [],
      privileges: {
        '/api/ping': ['all'],
        '/api/write': ['write'],
        '/database/tele%2Fgraf': ['write'],
      },
      source: 'subscription',
    });
    expect(Object.isFrozen(user) && Object.isFrozen(user.privileges)).toBe(true);
    const allowed = [
      'POST /write?db=tele/graf',
      'POST /kapacitor/v1/write?db=tele/graf&rp=any',
      'GET /kapacitor/v1/ping',
      'HEAD /ping',
    ];
    const refused = [
      'POST /write?db=other',
      'POST /write',
      'GET /write?db=tele/graf',
      'DELETE /write?db=tele/graf',
      'GET /kapacitor/v1/tasks',
      'POST /kapacitor/v1/tasks',
      'GET /kapacitor/v1/users',
      'POST /kapacitor/v1/users',
      'GET /kapacitor/v1/config',
      'GET /',
    ];
    const judge = (line: string) => {
      const [method = '', url = ''] = line.split(' ');
      return judgeApiRequest(user, method, url);
    };
    for (const line of allowed) expect([line, judge(line)]).toEqual([line, expect.any(String)]);
    for (const line of refused) {
      expect(() => judge(line)).toThrow(expect.objectContaining({ status: 403 }));
    }
  });

  it('is recognised at once when it comes again, and refused at once when it is revoked', async () => {
    const auth = openAuth({ store: make()(), logger });
    const { id, token } = await grant(auth, { database: 'telegraf' });
    const other = await grant(auth, { database: 'telegraf' });
    const user = await login(auth, token);
    const headers = { authorization: basic('~subscriber', token) };
    expect(auth.authenticate({ headers })).toBe(user);
    expect(await auth.subscriptions?.revoke(id)).toBe(true);
    await expect(login(auth, token)).rejects.toMatchObject(refusal);
    await expect(login(auth, token)).rejects.toMatchObject(refusal);
    await expect(login(auth, other.token)).resolves.toMatchObject({ source: 'subscription' });
    expect(await auth.subscriptions?.revoke(id)).toBe(false);
    expect(await auth.subscriptions?.revokeDatabase('telegraf')).toBe(1);
    await expect(login(auth, other.token)).rejects.toMatchObject(refusal);
  });

  it('is good for what it was granted last', async () => {
    const auth = openAuth({ store: make()(), logger });
    const { token } = await grant(auth, { database: 'telegraf' });
    expect((await login(auth, token)).canDatabase('write', 'telegraf')).toBe(true);
    await grant(auth, { database: 'other', token });
    const user = await login(auth, token);
    expect(user.canDatabase('write', 'telegraf')).toBe(false);
    expect(user.canDatabase('write', 'other')).toBe(true);
    expect(await auth.subscriptions?.list()).toHaveLength(1);
  });

  it.each([
    ['no token', ''],
    ['an unknown token', 'nosuchtoken'],
    ['a name of an object', '__proto__'],
    ['a very long text', 'x'.repeat(8000)],
  ])('is not %s', async (_what, token) => {
    const auth = openAuth({ store: make()(), logger });
    await grant(auth, { database: 'telegraf' });
    await expect(login(auth, token)).rejects.toMatchObject(refusal);
  });

  it('is not a digest of a token, an id, nor any other spelling of a token', async () => {
    const store = make()();
    const auth = openAuth({ store, logger });
    const { id, token } = await grant(auth, { database: 'telegraf' });
    const digest = (await store.subscriptions?.list())?.[0]?.digest ?? '';
    expect(digest).toBe(createHash('sha256').update(token).digest('hex'));
    for (const text of [digest, id, `${token}=`, ` ${token}`, token.toLowerCase()]) {
      await expect(login(auth, text)).rejects.toMatchObject(refusal);
    }
  });
});

describe.each(STORES.slice(1))('two processes on one %s store', (_kind, make) => {
  it('agree on a token that one of them grants and revokes within a second', async () => {
    const open = make();
    const [one, other] = [openAuth({ store: open(), logger }), openAuth({ store: open(), logger })];
    await other.ready();
    const { id, token } = await grant(one, { database: 'telegraf' });
    const isKnown = () =>
      login(other, token).then(
        () => true,
        () => false,
      );
    const becomes = (wanted: boolean) =>
      until(`the token is known: ${String(wanted)}`, async () => (await isKnown()) === wanted);
    await becomes(true);
    await login(other, token);
    await one.subscriptions?.revoke(id);
    await becomes(false);
    await expect(login(other, token)).rejects.toMatchObject(refusal);
  });
});

describe('a subscription token', () => {
  it('is on no disk, in no log and in no error', async () => {
    const path = join(folder, 'users.db');
    const logger = listeningLogger();
    const auth = openAuth({ store: new SqliteUserStore(path), logger });
    const { token, ...info } = await grant(auth, { database: 'telegraf' });
    const errors: unknown[] = [];
    await login(auth, `${token}x`).catch((error: unknown) => errors.push(error));
    await auth.subscriptions
      ?.grant({ database: '\n', token })
      .catch((error: unknown) => errors.push(error));
    expect(errors).toHaveLength(2);
    const user = await login(auth, token);
    await auth.close();
    const written = readdirSync(folder)
      .filter((name) => name.startsWith('users.db'))
      .map((name) => readFileSync(join(folder, name), 'latin1'));
    const shown = inspect([errors, user, info, auth.subscriptions, written], {
      depth: 9,
      showHidden: true,
      maxStringLength: Infinity,
    });
    expect(shown).toContain('telegraf');
    expect(shown + logger.lines.join()).not.toContain(token);
  });

  it('is refused as a query parameter, where it would be logged by others', async () => {
    const auth = openAuth();
    const { token } = await grant(auth, { database: 'telegraf' });
    const url = `/write?db=telegraf&u=~subscriber&p=${token}`;
    await expect(auth.authenticate({ headers: {}, url })).rejects.toMatchObject({
      code: 'ERR_KAUTH_FAILED',
    });
  });

  it('is looked up each time where nothing may be remembered', async () => {
    const store = new MemoryUserStore(people);
    const find = jest.spyOn(store.subscriptions, 'find');
    const auth = openAuth({
      store,
      auth: { enabled: true, bcryptCost: 4, cacheExpiration: '0s' },
      logger: listeningLogger(),
    });
    const { token } = await grant(auth, { database: 'telegraf' });
    await login(auth, token);
    await login(auth, token);
    expect(find).toHaveBeenCalledTimes(2);
  });

  it('that was revoked elsewhere counts until cache-expiration is over, if the store tells of no change', async () => {
    const sound = new MemoryUserStore(people);
    await sound.open();
    const store: UserSource = {
      find: (name) => sound.find(name),
      subscriptions: sound.subscriptions,
    };
    const auth = openAuth({ store, logger });
    const { token } = await grant(auth, { database: 'telegraf' });
    await login(auth, token);
    await sound.subscriptions.deleteDatabase('telegraf');
    await expect(login(auth, token)).resolves.toMatchObject({ name: '~subscriber' });
    const late = performance.now() + 601_000;
    const now = jest.spyOn(performance, 'now').mockReturnValue(late);
    await expect(login(auth, token)).rejects.toMatchObject(refusal);
    now.mockRestore();
  });

  it('gets 503 where the store can not answer, or answers with another', async () => {
    const { subscriptions: sound } = new MemoryUserStore();
    const broken = openAuth({
      store: {
        find: () => undefined,
        subscriptions: Object.assign(Object.create(sound) as typeof sound, {
          find: () => Promise.reject(new Error('disk on fire')),
        }),
      },
      logger: listeningLogger(),
    });
    await expect(login(broken, 'token')).rejects.toMatchObject({ status: 503 });
    const confused = openAuth({
      store: {
        find: () => undefined,
        subscriptions: Object.assign(Object.create(sound) as typeof sound, {
          find: () => ({ digest: 'a'.repeat(64), cluster: 'c', database: 'd', created: '' }),
        }),
      },
      logger: listeningLogger(),
    });
    await expect(login(confused, 'token')).rejects.toMatchObject({ status: 503 });
  });

  it('is refused where the users are kept in a source without subscriptions', async () => {
    const auth = openAuth({ store: { find: () => undefined } });
    expect(auth.subscriptions).toBeUndefined();
    await expect(login(auth, 'token')).rejects.toMatchObject(refusal);
  });
});
