import type { NextFunction, Request, Response } from 'express';
import request from 'supertest';
import {
  kapacitorAuth,
  MemoryUserStore,
  requireAdmin,
  requireDatabase,
  requirePermission,
  requirePrivilege,
} from '../../lib/index.js';
import { expresses } from '../support/expresses.js';

const store = new MemoryUserStore([
  { name: 'root', password: 'pw', type: 'admin' },
  { name: 'api', password: 'pw', permissions: ['api'] },
  { name: 'all', password: 'pw', permissions: ['all'] },
  { name: 'writer', password: 'pw', permissions: ['write_points'] },
  { name: 'nobody', password: 'pw' },
]);
const settings = { http: { authEnabled: true }, auth: { enabled: true, bcryptCost: 4 }, store };
const auth = kapacitorAuth(settings);
afterAll(() => auth.close());

describe.each(expresses)('guards on %s', (_name, express) => {
  const app = express();
  const done = express.Router().use((_request, response) => {
    response.json({ reached: true });
  });
  app.get('/open', done);
  app.use(auth);
  app.get('/permission', requirePermission('api'), done);
  app.get('/permissions', requirePermission('api', 'config_api'), done);
  app.get('/everything', requirePermission('all'), done);
  app.get('/privilege', requirePrivilege('read', '/api/tasks/'), done);
  app.get('/config', requirePrivilege('write', '/api/config'), done);
  app.get('/database', requireDatabase('write', 'my/db'), done);
  app.get('/named', requireDatabase('write'), done);
  app.get('/admin', requireAdmin(), done);

  const forbidden = (error: string) => ({ status: 403, body: { error, message: error } });
  const allowed = { status: 200, body: { reached: true } };

  it.each<[path: string, user: string, answer: object]>([
    ['/permission', 'api', allowed],
    ['/permission', 'all', allowed],
    ['/permission', 'root', allowed],
    ['/permission', 'writer', forbidden('user writer does not have the permission "api"')],
    ['/permissions', 'all', allowed],
    ['/permissions', 'api', forbidden('user api does not have the permission "config_api"')],
    ['/everything', 'root', allowed],
    ['/everything', 'all', allowed],
    ['/everything', 'api', forbidden('user api does not have the permission "all"')],
    ['/privilege', 'api', allowed],
    [
      '/privilege',
      'nobody',
      forbidden('user nobody does not have "read" privilege for "/api/tasks"'),
    ],
    ['/config', 'api', forbidden('user api does not have "write" privilege for "/api/config"')],
    ['/database', 'writer', allowed],
    [
      '/database',
      'api',
      forbidden('user api does not have "write" privilege for database "my/db"'),
    ],
    ['/named?db=x', 'writer', allowed],
    [
      '/named?db=x',
      'nobody',
      forbidden('user nobody does not have "write" privilege for database "x"'),
    ],
    ['/named?db=x&rp=y', 'writer', allowed],
    ['/admin', 'root', allowed],
    ['/admin', 'all', forbidden('user all is not an administrator')],
  ])('%s answers %s as it should', async (path, user, answer) => {
    const { status, body } = await request(app).get(path).auth(user, 'pw');
    expect({ status, body: body as unknown }).toEqual(answer);
  });

  it.each(['/named', '/named?db=', '/named?db=a&db=b', '/named?db[]=a', '/named?db=a&rp=b&rp=c'])(
    '%s does not say on which database: 400',
    async (path) => {
      await request(app).get(path).auth('writer', 'pw').expect(400);
    },
  );

  it.each([
    ['/permission', 'nobody', 'ERR_KAUTH_FORBIDDEN', 'the permission "api"'],
    ['/privilege', 'nobody', 'ERR_KAUTH_FORBIDDEN', '"read" privilege'],
    ['/admin', 'all', 'ERR_KAUTH_FORBIDDEN', 'no'],
    ['/database', 'api', 'ERR_KAUTH_FORBIDDEN_DATABASE', 'database'],
    ['/named', 'writer', 'ERR_KAUTH_INVALID_REQUEST', 'database is required'],
    ['/named?', 'writer', 'ERR_KAUTH_INVALID_REQUEST', 'database is required'],
    ['/named&db=x', 'writer', 'ERR_KAUTH_INVALID_REQUEST', 'database is required'],
    ['/named?db=a&db=b', 'writer', 'ERR_KAUTH_AMBIGUOUS_PATH', 'give it once'],
  ])('%s tells the app why %s is refused: %s', async (path, user, code, text) => {
    const telling = kapacitorAuth({
      ...settings,
      onError: ({ code: told, message }, _request, response) => {
        response.end(JSON.stringify({ code: told, message }));
      },
    });
    const told = express();
    told.use(telling);
    told.get('/permission', requirePermission('api'), done);
    told.get('/privilege', requirePrivilege('read', '/api/tasks'), done);
    told.get('/admin', requireAdmin(), done);
    told.get('/database', requireDatabase('write', 'my/db'), done);
    told.get(/^\/named/, requireDatabase('write'), done);
    const answer = await request(told).get(path).auth(user, 'pw');
    expect(JSON.parse(answer.text)).toEqual({ code, message: expect.stringContaining(text) });
  });

  it('let a subscription token in on its retention policy of its database alone', async () => {
    const granted = await auth.subscriptions?.grant({ database: 'x', retentionPolicy: 'y' });
    const asSubscriber = (path: string) =>
      request(app)
        .get(path)
        .auth('~subscriber', granted?.token ?? '');
    await asSubscriber('/named?db=x&rp=y').expect(200);
    await asSubscriber('/named?db=x').expect(403);
    await asSubscriber('/named?db=x&rp=z').expect(403);
    await asSubscriber('/database').expect(403);
    await asSubscriber('/permission').expect(403);
    await asSubscriber('/privilege').expect(403);
    await asSubscriber('/admin').expect(403);
  });

  it('leave routes before the middleware open', async () => {
    await request(app).get('/open').expect(200);
  });

  it('refuse a request that nobody authenticated with an error that says what to add', async () => {
    const errors: unknown[] = [];
    const bare = express();
    bare.get('/', requirePermission('api'), done);
    bare.use((error: unknown, _request: Request, response: Response, _next: NextFunction): void => {
      errors.push(error);
      response.status(500).end();
    });
    await request(bare).get('/').auth('root', 'pw').expect(500);
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'ERR_KAUTH_MISUSE',
        message: expect.stringContaining('app.use(kapacitorAuth())') as unknown,
      }),
    ]);
  });

  it('ask for credentials where the middleware lets requests without any pass', async () => {
    const optional = kapacitorAuth({ ...settings, optional: true });
    const mixed = express();
    mixed.use(optional);
    mixed.get('/who', (incoming, response) => {
      response.json({ name: incoming.user?.name ?? null });
    });
    mixed.get('/guarded', requirePermission('api'), done);
    await request(mixed).get('/who').expect(200, { name: null });
    await request(mixed).get('/who').auth('api', 'pw').expect(200, { name: 'api' });
    await request(mixed).get('/who').auth('api', 'wrong').expect(401);
    await request(mixed).get('/guarded').auth('api', 'pw').expect(200);
    const refused = await request(mixed).get('/guarded').expect(401);
    expect(refused.headers['www-authenticate']).toBe('Basic realm="kapacitor", charset="UTF-8"');
  });

  it('never let a CORS preflight reach their handler', async () => {
    const any = express();
    any.use(auth);
    any.all('/any', requireAdmin(), done);
    await request(any)
      .options('/any')
      .set({ Origin: 'http://elsewhere', 'Access-Control-Request-Method': 'GET' })
      .expect(401);
  });
});

describe('guards check what they are made with', () => {
  const PRIVILEGES = '"read", "write", "delete" or "all"';

  it.each<[what: string, make: () => unknown, text: string]>([
    [
      'no permission',
      () => requirePermission(),
      'requirePermission takes one or more of "api", "config_api", "write_points", "all", not undefined',
    ],
    ['the permission none', () => requirePermission('none'), 'not "none"'],
    ['an unknown permission', () => requirePermission(...(JSON.parse('["fly"]') as [])), '"fly"'],
    [
      'an unknown privilege',
      () => requirePrivilege(JSON.parse('"fly"') as 'read', '/api'),
      `requirePrivilege takes ${PRIVILEGES}, not "fly"`,
    ],
    [
      'the privilege none',
      () => requirePrivilege('none', '/api'),
      `requirePrivilege takes ${PRIVILEGES}, not "none"`,
    ],
    ['a relative resource', () => requirePrivilege('read', 'api'), 'api'],
    [
      'an unknown privilege on a database',
      () => requireDatabase(JSON.parse('"x"') as 'read'),
      `requireDatabase takes ${PRIVILEGES}, not "x"`,
    ],
    ['a database without a name', () => requireDatabase('read', ''), 'the name of a database'],
  ])('%s is an error at once', (_what, make, text) => {
    expect(make).toThrow(
      expect.objectContaining({
        code: 'ERR_KAUTH_MISUSE',
        message: expect.stringContaining(text) as unknown,
      }),
    );
  });
});
