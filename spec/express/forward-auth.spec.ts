import type { ErrorRequestHandler } from 'express';
import request from 'supertest';
import type { ForwardAuthOptions, KapacitorAuth, KapacitorAuthOptions } from '../../lib/index.js';
import { forwardAuth, MemoryUserStore } from '../../lib/index.js';
import { expresses } from '../support/expresses.js';
import { basic, bearer, openAuth, SECRET } from '../support/open-auth.js';
import { amy, forwarded, listening, original, raw, V1 } from './asking-proxy.js';

describe.each(expresses)('forwardAuth on %s', (_name, express) => {
  function appWith(auth: KapacitorAuth, options?: ForwardAuthOptions) {
    const app = express();
    app.all('/auth', forwardAuth(auth, options));
    return app;
  }

  const ask = (headers: object, options?: ForwardAuthOptions, auth?: KapacitorAuthOptions) =>
    request(appWith(openAuth(auth), options))
      .get('/auth')
      .set({ ...headers });

  it.each([
    ['nginx', original],
    ['Traefik and Caddy', forwarded],
  ])('lets pass what a user may do, asked as %s does', async (_proxy, fields) => {
    const answer = await ask({ ...fields('GET', `${V1}/tasks?limit=1`), ...amy }).expect(200, '');
    expect(answer.headers).toMatchObject({
      'x-kapacitor-user': 'amy',
      'x-kapacitor-permissions': 'api',
      'cache-control': 'no-store',
    });
    const forbidden = await ask({ ...fields('GET', `${V1}/config`), ...amy }).expect(403);
    expect(forbidden.body).toEqual({
      error: 'user amy does not have "read" privilege for API endpoint "/kapacitor/v1/config"',
      message: 'user amy does not have "read" privilege for API endpoint "/kapacitor/v1/config"',
    });
    expect(forbidden.headers).not.toHaveProperty('x-kapacitor-user');
  });

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'judges the method that it is asked about, asked by %s',
    async (method) => {
      const app = listening(appWith(openAuth()));
      const status = async (about: string) =>
        (await raw(app, { ...original(about, `${V1}/config/smtp`), ...amy }, method)).status;
      await expect(status('OPTIONS')).resolves.toBe(200);
      for (const about of ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'TRACE', 'options']) {
        await expect(status(about)).resolves.toBe(403);
      }
    },
  );

  it.each([
    ['nothing', {}],
    ['half a pair', { 'X-Original-URI': V1 }],
    ['the other half', { 'X-Forwarded-Method': 'GET' }],
    ['an empty field', { 'X-Original-URI': '', 'X-Original-Method': 'GET' }],
    ['a pair and a half', { ...original('GET', V1), 'X-Forwarded-Uri': V1 }],
    ['a pair of halves', { 'X-Original-URI': V1, 'X-Forwarded-Method': 'GET' }],
    ['two paths', { ...original('GET', V1), ...forwarded('GET', `${V1}/config`) }],
    ['two methods', { ...original('GET', V1), ...forwarded('DELETE', V1) }],
    ['a repeated path', { 'X-Original-URI': [V1, V1], 'X-Original-Method': 'GET' }],
    ['a repeated method', { 'X-Original-URI': V1, 'X-Original-Method': ['GET', 'GET'] }],
    ['names with underscores', { X_Original_URI: V1, X_Original_Method: 'GET' }],
  ])('answers 400 to a proxy that tells %s', async (_what, headers) => {
    const app = listening(appWith(openAuth()));
    const { status, body } = await raw(app, { ...headers, ...amy });
    expect(status).toBe(400);
    expect(body).toContain('X-');
  });

  it('takes both pairs where they agree, and one where it is told which counts', async () => {
    const both = { ...original('GET', `${V1}/tasks`), ...forwarded('GET', `${V1}/tasks`), ...amy };
    await ask(both).expect(200);
    const differing = { ...original('GET', V1), ...forwarded('GET', `${V1}/config`), ...amy };
    await ask(differing, { fields: 'original' }).expect(200);
    await ask(differing, { fields: 'forwarded' }).expect(403);
    await ask({ ...original('GET', V1), ...amy }, { fields: 'forwarded' }).expect(400);
  });

  it('takes credentials from the request and from the target, not from its own query', async () => {
    const auth = { http: { authEnabled: true, sharedSecret: SECRET } };
    const target = `${V1}/tasks`;
    const token = { ...original('GET', target), Authorization: bearer('amy') };
    await ask(token, {}, auth).expect(200);
    await ask(original('GET', `${target}?u=amy&p=amy-pw`)).expect(200);
    await ask(original('GET', `${target}?u=amy&p=wrong`)).expect(401);
    await ask({ ...original('GET', `${target}?u=root&p=root-pw`), ...amy }).expect(200);
    const own = request(appWith(openAuth())).get('/auth?u=amy&p=amy-pw');
    await own.set(original('GET', target)).expect(401);
  });

  it('challenges who is not known, as the app wants it', async () => {
    const asked = original('GET', V1);
    const answer = await ask(asked).expect(401);
    expect(answer.headers).toMatchObject({
      'www-authenticate': 'Basic realm="kapacitor", charset="UTF-8"',
      'cache-control': 'no-store',
    });
    const silent = await ask(asked, {}, { challenge: false }).expect(401);
    expect(silent.headers).not.toHaveProperty('www-authenticate');
    await ask(asked, {}, { optional: true }).expect(401);
    const onError: KapacitorAuthOptions['onError'] = (error, _request, response) => {
      response.statusCode = error.status;
      response.end(`own answer: ${error.code}`);
    };
    await ask(asked, {}, { onError }).expect(401, 'own answer: ERR_KAUTH_CREDENTIALS_MISSING');
    const config = { ...original('GET', `${V1}/config`), ...amy };
    await ask(config, {}, { onError }).expect(403, 'own answer: ERR_KAUTH_FORBIDDEN');
    await ask({}, {}, { onError }).expect(400, 'own answer: ERR_KAUTH_INVALID_REQUEST');
  });

  it('is unavailable, not open, when the store is', async () => {
    const store = { find: () => Promise.reject(new Error('disk error')) };
    const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const answer = await ask({ ...original('GET', V1), ...amy }, {}, { store, logger }).expect(503);
    expect(answer.headers).toHaveProperty('retry-after');
    expect(answer.headers).not.toHaveProperty('x-kapacitor-user');
  });

  it('writes what a user is called and may do so that any proxy can pass it on', async () => {
    const store = new MemoryUserStore([
      { name: 'zoë', password: 'pw', permissions: ['write_points', 'api'] },
      { name: 'nobody', password: 'pw' },
      { name: 'root', password: 'pw', type: 'admin' },
    ]);
    const told = async (name: string) => {
      const headers = { ...original('OPTIONS', V1), Authorization: basic(name, 'pw') };
      const answer = await ask(headers, {}, { store }).expect(200);
      return [answer.headers['x-kapacitor-user'], answer.headers['x-kapacitor-permissions']];
    };
    await expect(told('zoë')).resolves.toEqual(['zo%C3%AB', 'api,write_points']);
    await expect(told('nobody')).resolves.toEqual(['nobody', 'none']);
    await expect(told('root')).resolves.toEqual(['root', 'all']);
    const disabled = { http: { authEnabled: false } };
    const { headers } = await ask(original('DELETE', V1), {}, disabled).expect(200);
    expect(headers).toMatchObject({ 'x-kapacitor-user': 'ADMIN_USER' });
  });

  it('lets a genuine CORS preflight pass as nobody, to a path that is not ambiguous', async () => {
    const preflight = { Origin: 'http://app', 'Access-Control-Request-Method': 'GET' };
    const passed = await ask({ ...original('OPTIONS', V1), ...preflight }).expect(200);
    expect(passed.headers).toMatchObject({
      'x-kapacitor-user': '',
      'x-kapacitor-permissions': 'none',
    });
    await ask({ ...original('GET', V1), ...preflight }).expect(401);
    await ask(original('OPTIONS', V1)).expect(401);
    await ask({ ...original('OPTIONS', `${V1}/../x`), ...preflight }).expect(400);
  });

  it.each([
    [403, 'http://evil.example', {}, { Host: 'console.example' }],
    [403, 'http://evil.example', {}, { 'X-Forwarded-Host': 'console.example' }],
    [403, undefined, { 'Sec-Fetch-Site': 'cross-site' }, {}],
    [200, 'http://console.example', {}, { Host: 'console.example' }],
    [200, 'http://console.example', {}, { 'X-Forwarded-Host': 'console.example' }],
    [200, 'http://evil.example', { 'Content-Type': 'application/json' }, { Host: 'x' }],
    [200, undefined, {}, {}],
  ])('answers %i to a POST from a page of %s with %j, of %j', async (status, origin, own, host) => {
    const headers = { ...original('POST', `${V1}/tasks`), ...amy, ...own, ...host };
    await ask({ ...headers, ...(origin !== undefined && { Origin: origin }) }).expect(status);
  });

  it('goes on with what is no client’s business', async () => {
    const broken = openAuth();
    const failing = Object.assign(() => undefined, broken, {
      authenticate: () => Promise.reject(new TypeError('a mistake')),
    });
    const app = appWith(failing);
    const report: ErrorRequestHandler = (error, _request, response, next) => {
      response.status(500).end(`${String(error)} ${typeof next}`);
    };
    app.use(report);
    const answer = request(app).get('/auth').set(original('GET', V1));
    await answer.expect(500, 'TypeError: a mistake function');
  });
});
