import { posix } from 'node:path';
import express from 'express';
import fc from 'fast-check';
import request from 'supertest';
import type { ForwardAuthOptions, KapacitorAuthOptions } from '../../lib/index.js';
import { forwardAuth, MemoryUserStore } from '../../lib/index.js';
import { basic, openAuth } from '../support/open-auth.js';
import { amy, listening, original, raw, V1 } from './asking-proxy.js';

describe('the paths that forwardAuth judges', () => {
  // An app before a proxy with a field of its own.
  it.each([
    [403, `${V1}/config`],
    [200, `${V1}/tasks`],
    [400, `${V1}/config?a=,`],
    [400, `${V1}/tasks?a=,`],
  ])(
    'answers %i to %s, which the app has put there, whatever a client sent',
    async (status, told) => {
      const app = express()
        .use(({ headers }, _response, next) => {
          headers['x-original-uri'] = String(headers['x-envoy-original-path']);
          next();
        })
        .use(forwardAuth(openAuth(), { fields: 'original' }));
      const asked = { 'X-Envoy-Original-Path': told, 'X-Original-Method': 'GET', ...amy };
      for (const sent of [{}, { 'X-Original-URI': `${V1}/tasks` }]) {
        await request(app)
          .get('/auth')
          .set({ ...asked, ...sent })
          .expect(status);
      }
    },
  );

  const ask = (headers: object, options?: ForwardAuthOptions, auth?: KapacitorAuthOptions) =>
    request(express().use(forwardAuth(openAuth(auth), options)))
      .get('/auth')
      .set({ ...headers });

  describe('with a base path', () => {
    const options: ForwardAuthOptions = { basePath: '/svc' };
    const config = { Authorization: basic('config', 'pw') };
    const store = () =>
      new MemoryUserStore([
        { name: 'amy', password: 'amy-pw', permissions: ['api'] },
        { name: 'config', password: 'pw', permissions: ['config_api'] },
        { name: 'wim', password: 'wim-pw', permissions: ['write_points'] },
      ]);

    it.each([
      [200, 'GET', `/svc${V1}/tasks`, amy],
      [403, 'GET', `/svc${V1}/config`, amy],
      [403, 'GET', `/SVC${V1}/config`, amy],
      [403, 'GET', `/s%76c${V1}/config`, amy],
      [403, 'GET', `/%73vc/kapacitor/%76%31/config`, amy],
      [403, 'POST', '/svc/write?db=x', amy],
      [403, 'POST', '/s%76c/write?db=x', amy],
      [200, 'POST', '/svc/write?db=x', { Authorization: basic('wim', 'wim-pw') }],
      [200, 'GET', `/svc${V1}/config`, config],
      [403, 'GET', `/svcx${V1}/config`, config],
      [200, 'GET', '/svc', amy],
      [200, 'GET', '/elsewhere', amy],
      [403, 'GET', '/elsewhere', config],
      [400, 'GET', `/svc/..${V1}/config`, config],
    ])('answers %i to %s %s', async (status, method, target, login) => {
      await ask({ ...original(method, target), ...login }, options, { store: store() }).expect(
        status,
      );
    });

    it('judges Kapacitor’s API below a path that nobody told of', async () => {
      const target = `/anywhere/below${V1}`;
      await ask({ ...original('GET', `${target}/tasks`), ...amy }).expect(200);
      await ask({ ...original('GET', `${target}/config`), ...amy }).expect(403);
    });

    it('judges a target again as it did before, whoever asks, and however many came between', async () => {
      const app = listening(express().use(forwardAuth(openAuth({ store: store() }), options)));
      const status = async (target: string, login: { readonly Authorization: string }) =>
        (await raw(app, { ...original('GET', target), ...login })).status;
      const all = async () => [
        await status(`/svc${V1}/config`, amy),
        await status(`/svc${V1}/config`, config),
        await status(`/svc${V1}/config/`, amy),
        await status(`/below${V1}/config`, amy),
        await status(`/svc${V1}//config`, config),
        await status(`/svc${V1}/tasks`, amy),
      ];
      const first = await all();
      expect(first).toEqual([403, 200, 403, 403, 400, 200]);
      expect(await all()).toEqual(first);
      for (let index = 0; index < 300; index += 1)
        await status(`/svc${V1}/tasks/${String(index)}`, amy);
      expect(await all()).toEqual(first);
    });

    it('reads a target with a comma, which is no repeated field', async () => {
      await ask({ ...original('GET', `/svc${V1}/tasks/a,b`), ...amy }, options).expect(200);
      await ask({ ...original('GET', `/svc${V1}/config/a, b`), ...amy }, options).expect(400);
    });

    it('tells letters apart where the service does', async () => {
      const target = `${V1}/CONFIG`;
      await ask({ ...original('GET', target), ...amy }).expect(403);
      await ask({ ...original('GET', target), ...amy }, { caseSensitive: true }).expect(200);
    });

    it.each(['svc', '/svc/', '/a?b', '/%61'])('does not take %j for one', (basePath) => {
      expect(() => forwardAuth(openAuth(), { basePath })).toThrow(
        `not ${JSON.stringify(basePath)}`,
      );
    });
  });
});

describe('forwardAuth', () => {
  const pieces = ['kapacitor', 'v1', 'v1preview', 'config', 'tasks', 'svc', 'CONFIG', 'ping'];
  const tricks = ['%63onfig', 'c%6fnfig', '..', '.', '', '%2e%2e', '%2f', '%5c', 'config;x', '%00'];
  const segment = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...pieces) },
    fc.constantFrom(...tricks),
    fc.tuple(fc.constantFrom(...pieces), fc.constantFrom(...tricks)).map((both) => both.join('')),
  );

  /** All that a server behind a proxy may take a target for. */
  function readings(target: string): readonly string[] {
    const path = target.toLowerCase();
    const decoded = decodeURIComponent(path).replaceAll('\\', '/');
    return [path, decoded, path.replace(/;[^/]*/g, '')].map((reading) =>
      posix.normalize(reading).replace(/^.*?\/(?=kapacitor\/v1)/, '/'),
    );
  }

  it('lets nobody reach the configuration by another way to write its path', async () => {
    const app = listening(express().use(forwardAuth(openAuth())));
    let passed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(segment, { maxLength: 3 }),
        fc.array(segment, { maxLength: 3 }),
        async (before, after) => {
          const target = `/${[...before, 'kapacitor', 'v1', ...after].join('/')}`;
          const { status } = await raw(app, { ...original('GET', target), ...amy });
          expect([200, 400, 403]).toContain(status);
          if (status !== 200) return;
          passed += 1;
          for (const reading of readings(target)) {
            expect(reading).not.toMatch(/^\/kapacitor\/v1(preview)?\/config(\/|$)/);
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(passed).toBeGreaterThan(0);
  });
});
