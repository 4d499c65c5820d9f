import type express from 'express';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import request from 'supertest';
import type { KapacitorAuth } from '../../lib/index.js';
import {
  ADMIN_USER,
  authorizeApi,
  kapacitorAuth,
  MemoryUserStore,
  MisuseError,
  requireAdmin,
  requireDatabase,
  requirePermission,
  requirePrivilege,
  usersApi,
} from '../../lib/index.js';
import { resolveUser } from '../../lib/privileges/user.js';
import { expresses } from '../support/expresses.js';

const made: KapacitorAuth[] = [];
afterAll(() => Promise.all(made.map((auth) => auth.close())));

function instance(authEnabled = true): KapacitorAuth {
  const auth = kapacitorAuth({
    http: { authEnabled },
    auth: { enabled: true, bcryptCost: 4 },
    store: new MemoryUserStore([
      { name: 'root', password: 'pw', type: 'admin' },
      { name: 'api', password: 'pw', permissions: ['api'] },
    ]),
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  made.push(auth);
  return auth;
}

/** Sets `req.user` as an app without types would. */
function userIs(find: () => unknown): RequestHandler {
  return (incoming, _response, next) => {
    Promise.resolve(find())
      .then((user) => {
        Object.assign(incoming, { user });
        next();
      })
      .catch(next);
  };
}

const tell: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (error instanceof MisuseError) response.status(500).json({ misuse: error.message });
  else next(error);
};

const done: RequestHandler = (_request, response) => {
  response.json({ reached: true });
};

const GUARDS: Readonly<Record<string, RequestHandler>> = {
  '/admin': requireAdmin(),
  '/permission': requirePermission('api'),
  '/privilege': requirePrivilege('read', '/api/tasks'),
  '/database': requireDatabase('write', 'x'),
  '/api': authorizeApi(),
};

function appWith(makeApp: typeof express, find: () => unknown, auth?: KapacitorAuth) {
  const app = makeApp();
  app.use(userIs(find));
  if (auth !== undefined) app.use(usersApi(auth));
  for (const [path, guard] of Object.entries(GUARDS)) app.get(path, guard, done);
  app.use(tell);
  return app;
}

const like = { name: 'root', type: 'admin', admin: true, permissions: ['all'], source: 'local' };

describe.each(expresses)('a req.user on %s', (_name, makeApp) => {
  const auth = instance();
  const other = instance();
  const root = async () => auth.find('root');

  it.each<[string, () => unknown]>([
    [
      'an object that looks like one',
      () => ({ ...like, can: () => true, canDatabase: () => true }),
    ],
    ['an admin by a text', () => ({ ...like, admin: 'false' })],
    ['a copy out of a session', async () => JSON.parse(JSON.stringify(await root())) as unknown],
    ['a spread copy', async () => ({ ...(await root()) })],
    [
      'an object that inherits from one',
      async () => Object.create((await root()) ?? null) as object,
    ],
    [
      'a proxy of one',
      async () =>
        new Proxy(
          (await root()) ?? resolveUser({ ...like, type: 'admin', permissions: [] }, 'local'),
          {},
        ),
    ],
    [
      'a user that nobody resolved',
      () => resolveUser({ name: 'x', type: 'admin', permissions: [] }, 'local'),
    ],
    ['a name', () => 'root'],
    ['a number', () => 1],
    ['true', () => true],
    ['an empty object', () => ({})],
  ])('that is %s is a mistake that names auth.find()', async (_kind, find) => {
    const app = appWith(makeApp, find, auth);
    for (const path of [...Object.keys(GUARDS), '/kapacitor/v1/users']) {
      const { status, body } = await request(app).get(path).auth('root', 'pw');
      expect({ path, status }).toEqual({ path, status: 500 });
      expect(body).toMatchObject({ misuse: expect.stringContaining('auth.find(') as unknown });
    }
    await request(app).delete('/kapacitor/v1/users/api').auth('root', 'pw').expect(500);
    expect(await auth.users?.get('api')).toBeDefined();
  });

  it.each<[string, () => unknown]>([
    ['undefined', () => undefined],
    ['null', () => null],
  ])('%s is nobody, also to guards', async (_kind, find) => {
    const app = appWith(makeApp, find, auth);
    const { body } = await request(app).get('/admin');
    expect(body).toMatchObject({
      misuse: expect.stringContaining('app.use(kapacitorAuth())') as unknown,
    });
    await request(app).get('/kapacitor/v1/users').expect(401);
    await request(app).get('/kapacitor/v1/users').auth('root', 'pw').expect(200);
  });

  it.each<[string, () => unknown]>([
    ['auth.find()', root],
    [
      'auth.verify()',
      () => auth.verify('root', 'pw', { headers: {}, socket: { remoteAddress: '127.0.0.1' } }),
    ],
    [
      'auth.authenticate()',
      async () =>
        auth.authenticate({
          headers: { authorization: `Basic ${Buffer.from('root:pw').toString('base64')}` },
        }),
    ],
  ])('from %s is believed by guards and the users API', async (_kind, find) => {
    const app = appWith(makeApp, find, auth);
    for (const path of [...Object.keys(GUARDS), '/kapacitor/v1/users']) {
      await request(app).get(path).expect(200);
    }
  });

  it('of another instance does not manage the users of this one', async () => {
    const app = appWith(makeApp, async () => other.find('root'), auth);
    const { body } = await request(app).delete('/kapacitor/v1/users/api').expect(500);
    expect(body).toMatchObject({
      misuse: expect.stringContaining('another kapacitorAuth()') as unknown,
    });
    expect(await auth.users?.get('api')).toBeDefined();
    await request(app).get('/admin').expect(200);
  });

  it('who everybody is manages users only where everybody is', async () => {
    const open = instance(false);
    const another = instance(false);
    await request(appWith(makeApp, () => ADMIN_USER, auth))
      .get('/kapacitor/v1/users')
      .expect(500);
    for (const each of [open, another]) {
      await request(appWith(makeApp, () => ADMIN_USER, each))
        .get('/kapacitor/v1/users')
        .expect(200);
    }
  });
});
