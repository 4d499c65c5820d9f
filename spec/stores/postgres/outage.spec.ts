import { setTimeout as delay } from 'node:timers/promises';
import { describePostgres } from '../../support/postgres.js';
import { Proxy } from './proxy.js';
import { amy, failureOf, newSchema, openStores, OTHER_HASH, until } from './stores.js';

/** The lines on which changes are heard of. */
const LISTENERS =
  "SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_listening_channels%' AND pid <> pg_backend_pid()";

const isOfListener = (sent: Buffer): boolean =>
  sent.includes('LISTEN') || sent.includes('pg_listening_channels');

/** True if all are settled before anything else gets its turn. */
async function beforeNextTurn(promises: readonly Promise<unknown>[]): Promise<boolean> {
  let isLater = false;
  setImmediate(() => (isLater = true));
  await Promise.all(promises);
  return !isLater;
}

const UNAVAILABLE = { code: 'ERR_KAUTH_STORE_UNAVAILABLE' };

describePostgres('A store in PostgreSQL', (server) => {
  const { make, open } = openStores();
  const proxies: Proxy[] = [];
  afterEach(async () => {
    await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
  });

  async function behindProxy() {
    const proxy = await Proxy.to(server().port);
    proxies.push(proxy);
    const schema = newSchema();
    const store = await open({ url: server().url({ port: proxy.port }), schema });
    await store.create(amy);
    return { proxy, schema, store };
  }

  it('goes on after a restart of the server, with users and listeners', async () => {
    const { store } = await behindProxy();
    await server().restart('immediate');
    await until('it answers', async () => {
      try {
        return (await store.find('amy')) !== undefined;
      } catch {
        return false;
      }
    });
    await store.update('amy', { hash: OTHER_HASH });
    await until('it is fresh', () => performance.now() < store.freshUntil);
  });

  it('refuses questions at once while it is away, without asking, and answers once it is back', async () => {
    const { proxy, store } = await behindProxy();
    proxy.cut();
    const failure = await failureOf(store.find('amy'));
    expect(failure).toMatchObject(UNAVAILABLE);
    expect(failure.message).toMatch(
      /^the user database 127\.0\.0\.1:\d+\/postgres can't be reached: /,
    );
    // Soon it is known to be away: then many questions fail before anything else gets its turn.
    await until('it is known to be away', () =>
      beforeNextTurn(Array.from({ length: 100 }, () => failureOf(store.find('amy')))),
    );
    await expect(store.check()).rejects.toMatchObject(UNAVAILABLE);
    proxy.mend();
    await until('it answers', async () => {
      try {
        return (await store.find('amy')) !== undefined;
      } catch {
        return false;
      }
    });
    await store.check();
  });

  it('ends all that wait at once when nothing is answered, and refuses from then on', async () => {
    const { proxy, store } = await behindProxy();
    proxy.swallows = () => true;
    const first = failureOf(store.find('amy'));
    await delay(200);
    // These began later, and would have more time.
    const later = [store.find('ben'), store.update('amy', { hash: OTHER_HASH })].map(failureOf);
    expect(await first).toMatchObject(UNAVAILABLE);
    await expect(beforeNextTurn(later)).resolves.toBe(true);
    expect(await Promise.all(later)).toEqual([
      expect.objectContaining(UNAVAILABLE),
      expect.objectContaining(UNAVAILABLE),
    ]);
    await expect(
      beforeNextTurn(['amy', 'ben'].map(async (name) => failureOf(store.find(name)))),
    ).resolves.toBe(true);
    proxy.mend();
    await until('it answers', async () => {
      try {
        return (await store.find('amy'))?.hash === amy.hash;
      } catch {
        return false;
      }
    });
  });

  it('knows that nothing is answered before anybody asks', async () => {
    const { proxy, store } = await behindProxy();
    let probes = 0;
    proxy.swallows = (sent) => {
      if (sent.includes('SELECT 1') || sent.includes('application_name')) probes += 1;
      return true;
    };
    await until('it was looked for', () => probes > 3);
    await expect(beforeNextTurn([failureOf(store.find('amy'))])).resolves.toBe(true);
  });

  it.each([
    ['deaf', (proxy: Proxy) => void (proxy.swallows = isOfListener)],
    ['cut', () => server().sql(`SELECT pg_terminate_backend(pid) FROM (${LISTENERS}) AS lines`)],
  ])('answers while only the line on which it hears of changes is %s', async (_, harm) => {
    const { proxy, store } = await behindProxy();
    await until('it is fresh', () => performance.now() < store.freshUntil);
    const { freshUntil } = store;
    await harm(proxy);
    let asked = 0;
    await until('the line was lost for long', async () => {
      asked += 1;
      await store.find(`amy${String(asked)}`);
      return performance.now() > freshUntil + 1_500;
    });
    proxy.mend();
    await until('it is fresh again', () => performance.now() < store.freshUntil);
    await expect(store.find('amy')).resolves.toMatchObject(amy);
  });

  it('tells nothing of the password in its URL', async () => {
    const url = server().url({ port: 1 }).replace('postgres@', 'postgres:geheim123@');
    const failure = await failureOf(make({ url }).open());
    expect(failure).toMatchObject(UNAVAILABLE);
    expect(JSON.stringify([failure.message, failure.stack, failure.cause])).not.toContain('geheim');
  });

  it('opens after it failed to, once the reason is gone', async () => {
    const { proxy } = await behindProxy();
    proxy.cut();
    const store = make({ url: server().url({ port: proxy.port }), schema: newSchema() });
    await expect(store.open()).rejects.toMatchObject(UNAVAILABLE);
    proxy.mend();
    await until('it opens', async () => {
      try {
        await store.open();
        return true;
      } catch {
        return false;
      }
    });
    await store.create(amy);
  });

  it('tries one server after the other for the primary', async () => {
    const gone = server().url({ port: 1 });
    const store = await open({ url: `${gone},${server().url()}`, schema: newSchema() });
    await store.create(amy);
    const none = await failureOf(make({ url: [gone, gone] }).open());
    expect(none.message).toContain('has no primary: 127.0.0.1:1/postgres');
  });

  it.each([
    ['was made', true],
    ['was not made', false],
  ])(
    'says that nobody knows if a change was made, when its end got lost and it %s',
    async (_, arrives) => {
      const { proxy, store } = await behindProxy();
      const told: (string | undefined)[] = [];
      store.watch((name) => told.push(name));
      proxy.swallows = (sent) => {
        if (!sent.includes('COMMIT')) return false;
        setTimeout(() => {
          proxy.cut();
          proxy.mend();
        }, 200);
        return !arrives;
      };
      // What arrives is answered: so the answer must be lost, too.
      if (arrives) proxy.dropsAnswers = true;
      const failure = await failureOf(store.update('amy', { hash: OTHER_HASH }));
      expect(failure).toMatchObject(UNAVAILABLE);
      expect(failure.message).toMatch(
        /it may have been made or not, so look before you make it again$/,
      );
      expect(told).toContain(undefined);
      const found = await store.find('amy');
      expect(found?.hash).toBe(arrives ? OTHER_HASH : amy.hash);
    },
  );

  it('keeps nobody from changing users who was cut off in the midst of a change', async () => {
    const { proxy, schema, store } = await behindProxy();
    const other = await open({ url: server().url(), schema });
    proxy.swallows = (sent) => sent.includes('pg_notify');
    const lost = failureOf(store.update('amy', { hash: OTHER_HASH }));
    await expect(other.update('amy', { permissions: [] })).resolves.toMatchObject({
      hash: amy.hash,
    });
    proxy.cut();
    expect(await lost).toMatchObject(UNAVAILABLE);
  });
});
