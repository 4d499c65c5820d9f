import express from 'express';
import fc from 'fast-check';
import { register } from 'prom-client';
import request from 'supertest';
import { BcryptQueue } from '../../lib/authenticate/passwords/bcrypt-queue.js';
import type { KapacitorAuth, KapacitorAuthOptions } from '../../lib/index.js';
import { MemoryUserStore, requirePermission, usersApi } from '../../lib/index.js';
import { createRegistry } from '../../lib/observe/registry.js';
import { Tally } from '../../lib/observe/tally.js';
import { listeningLogger } from '../support/listening-logger.js';
import { basic, openAuth, SECRET } from '../support/open-auth.js';
import type { Scrape } from './scrape.js';
import { difference, parseScrape } from './scrape.js';

const scrape = async (auth: KapacitorAuth): Promise<Scrape> =>
  parseScrape(await auth.metrics.metrics());

/** An app whose every part can refuse. */
function appOf(options: KapacitorAuthOptions = {}) {
  const auth = openAuth({ http: { authEnabled: true, sharedSecret: SECRET }, ...options });
  const app = express().use(usersApi(auth), auth);
  app.use('/config', requirePermission('config_api'));
  app.use((_request, response) => void response.send('served'));
  return { auth, app };
}

/** Series of requests, by outcome and code. */
const requests = (outcome: string, code = ''): string =>
  `kapacitor_auth_requests_total{outcome="${outcome}",code="${code}"}`;
const cache = (name: string, result: string): string =>
  `kapacitor_auth_cache_total{cache="${name}",result="${result}"}`;

/** Only what is counted, without how long it took. */
function counts(found: Scrape): Scrape {
  return Object.fromEntries(
    Object.entries(found).filter(([name]) => !/_bucket|_sum|^kapacitor_auth_store/.test(name)),
  );
}

const FAILED = requests('rejected', 'ERR_KAUTH_FAILED');
const RUNS = 'kapacitor_auth_bcrypt_seconds_count';

describe('metrics', () => {
  it.each<[what: string, path: string, logins: readonly string[][], counted: Scrape]>([
    [
      'a login',
      '/',
      [['amy', 'amy-pw']],
      {
        [requests('authenticated')]: 1,
        [cache('credentials', 'miss')]: 1,
        [cache('users', 'miss')]: 1,
        [RUNS]: 1,
      },
    ],
    [
      'one who comes again',
      '/',
      [
        ['amy', 'amy-pw'],
        ['amy', 'amy-pw'],
        ['amy', 'amy-pw'],
      ],
      {
        [requests('authenticated')]: 3,
        [cache('credentials', 'miss')]: 1,
        [cache('credentials', 'hit')]: 2,
        [cache('users', 'miss')]: 1,
        [RUNS]: 1,
      },
    ],
    [
      'wrong passwords',
      '/',
      [
        ['amy', 'x'],
        ['amy', 'y'],
        ['nobody', 'z'],
      ],
      {
        [FAILED]: 3,
        [cache('credentials', 'miss')]: 3,
        [cache('users', 'miss')]: 2,
        [cache('users', 'hit')]: 1,
        [RUNS]: 3,
      },
    ],
    [
      'what a user may not do',
      '/config',
      [['amy', 'amy-pw']],
      {
        [requests('authenticated')]: 1,
        [requests('forbidden', 'ERR_KAUTH_FORBIDDEN')]: 1,
        [cache('credentials', 'miss')]: 1,
        [cache('users', 'miss')]: 1,
        [RUNS]: 1,
      },
    ],
    [
      'a path that is ambiguous',
      '/kapacitor/v1/users/a%2fb',
      [['root', 'root-pw']],
      {
        [requests('authenticated')]: 1,
        [requests('invalid', 'ERR_KAUTH_AMBIGUOUS_PATH')]: 1,
        [cache('credentials', 'miss')]: 1,
        [cache('users', 'miss')]: 1,
        [RUNS]: 1,
      },
    ],
    ['no credentials', '/', [[]], { [requests('rejected', 'ERR_KAUTH_CREDENTIALS_MISSING')]: 1 }],
  ])('count %s', async (_what, path, logins, counted) => {
    const { app, auth } = appOf();
    const before = await scrape(auth);
    for (const [name, password = ''] of logins) {
      const asked = request(app).get(path);
      await (name === undefined ? asked : asked.auth(name, password));
    }
    expect(counts(difference(before, await scrape(auth)))).toEqual(counted);
  });

  it.each(['10m', '0s'])(
    'count a request once, however often the middleware sees it, cached for %s',
    async (cacheExpiration) => {
      const auth = openAuth({
        auth: { bcryptCost: 4, cacheExpiration },
        logger: listeningLogger(),
      });
      const app = express().use(auth, auth).use('/nested', auth);
      app.use((incoming, response) => void response.send(incoming.user?.name));
      const told: unknown[] = [];
      auth.on('authenticated', (event) => told.push(event));
      for (let time = 0; time < 3; time += 1) {
        await request(app).get('/nested/x').auth('amy', 'amy-pw').expect(200, 'amy');
      }
      await request(app).get('/nested/x').auth('amy', 'wrong').expect(401);
      expect(await scrape(auth)).toMatchObject({ [requests('authenticated')]: 3, [FAILED]: 1 });
      expect(told).toHaveLength(3);
    },
  );

  it('count what nobody asked about yet: they cost nothing until then', async () => {
    const { app, auth } = appOf();
    for (const user of ['amy', 'nobody']) await request(app).get('/').auth(user, 'amy-pw');
    expect(await scrape(auth)).toMatchObject({
      [requests('authenticated')]: 1,
      [FAILED]: 1,
      [RUNS]: 2,
    });
  });

  it('tell of a store that fails, and how long it took', async () => {
    const find = () => Promise.reject(new Error('down'));
    const { app, auth } = appOf({ store: { find } });
    await request(app).get('/').auth('amy', 'amy-pw').expect(503);
    expect(await scrape(auth)).toMatchObject({
      kapacitor_auth_store_errors_total: 1,
      kapacitor_auth_store_seconds_count: 1,
      'kapacitor_auth_store_seconds_bucket{le="+Inf"}': 1,
      [requests('unavailable', 'ERR_KAUTH_STORE_UNAVAILABLE')]: 1,
    });
  });

  it('tell how many passwords are being verified and how many wait', async () => {
    const queue = new BcryptQueue({ concurrency: 1 });
    let finish = (): void => undefined;
    const work = new Promise<void>((resolve) => (finish = resolve));
    const jobs = [1, 2, 3].map(() => queue.run('lane', () => work));
    const registry = createRegistry({ tally: new Tally(), queue });
    expect(parseScrape(await registry.metrics())).toMatchObject({
      kapacitor_auth_bcrypt_running: 1,
      kapacitor_auth_bcrypt_waiting: 2,
    });
    finish();
    await Promise.all(jobs);
    expect(parseScrape(await registry.metrics())).toMatchObject({
      kapacitor_auth_bcrypt_running: 0,
      kapacitor_auth_bcrypt_waiting: 0,
    });
  });

  it('sort durations into buckets, of which each holds the shorter ones too', async () => {
    const tally = new Tally();
    const now = 200_000;
    jest.spyOn(performance, 'now').mockReturnValue(now);
    for (const seconds of [0.0001, 0.03, 0.03, 100]) {
      tally.bcrypt.add(now - seconds * 1000);
    }
    jest.restoreAllMocks();
    const registry = createRegistry({ tally, queue: new BcryptQueue() });
    const found = parseScrape(await registry.metrics());
    const buckets = Object.entries(found).filter(([name]) =>
      name.includes('bcrypt_seconds_bucket'),
    );
    expect(buckets.map(([name, value]) => [/le="(.*)"/.exec(name)?.[1], value])).toEqual([
      ...['0.001', '0.0025', '0.005', '0.01', '0.025'].map((bound) => [bound, 1]),
      ...['0.05', '0.1', '0.25', '0.5', '1', '2.5'].map((bound) => [bound, 3]),
      ['+Inf', 4],
    ]);
    expect(found).toHaveProperty(RUNS, 4);
    expect(found.kapacitor_auth_bcrypt_seconds_sum).toBeCloseTo(100.0601);
    expect(await registry.getMetricsAsJSON()).toContainEqual(
      expect.objectContaining({ name: 'kapacitor_auth_bcrypt_seconds', type: 'histogram' }),
    );
  });

  it('are each middleware’s own, and none of the process', async () => {
    const one = appOf();
    const other = appOf();
    await request(one.app).get('/').expect(401);
    expect(difference(await scrape(other.auth), await scrape(one.auth))).toEqual({
      [requests('rejected', 'ERR_KAUTH_CREDENTIALS_MISSING')]: 1,
    });
    expect(one.auth.metrics).toBe(one.auth.metrics);
    expect(register.getMetricsAsArray()).toEqual([]);
  });

  it('have the same series whatever clients send', async () => {
    const { app, auth } = appOf({ store: new MemoryUserStore([{ name: 'amy', password: 'a' }]) });
    const series = Object.keys(await scrape(auth));
    const text = fc.string({ unit: 'grapheme-composite', minLength: 1, maxLength: 8 });
    const segment = fc.oneof(text, fc.constantFrom('..', '%2f', '{a="b"}', 'users', '\\'));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'PURGE', 'MKCOL', 'M-SEARCH', 'TRACE', 'OPTIONS'),
        fc.array(segment, { maxLength: 4 }),
        text,
        fc.constantFrom('Basic', 'Bearer', 'Digest', 'constructor'),
        async (method, path, name, scheme) => {
          const asked = request(app).get(`/${path.map(encodeURIComponent).join('/')}`);
          asked.method = method;
          const [, encoded = ''] = basic(name, 'secret-pw').split(' ');
          await asked.set('Authorization', `${scheme} ${encoded}`);
          expect(Object.keys(await scrape(auth))).toEqual(series);
        },
      ),
      { numRuns: 50 },
    );
    expect(series.join()).not.toMatch(/amy|secret/);
  });
});
