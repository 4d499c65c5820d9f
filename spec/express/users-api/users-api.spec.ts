import request from 'supertest';
import { MemoryUserStore, usersApi } from '../../../lib/index.js';
import { expresses } from '../../support/expresses.js';
import { closeUsersApps, failure, send, usersApp, V1 } from './users-app.js';

const shown = (name: string, type: string, ...permissions: readonly string[]) => ({
  link: { rel: 'self', href: `${V1}/${name}` },
  name,
  type,
  permissions,
});

afterAll(closeUsersApps);

describe.each(expresses)('the users API on %s', (_name, express) => {
  const { app } = usersApp({ express });

  describe('answers', () => {
    it.each<[method: string, path: string, status: number, body: unknown]>([
      ['GET', `${V1}/api`, 200, shown('api', 'normal', 'api')],
      ['GET', `${V1}/%61pi`, 200, shown('api', 'normal', 'api')],
      ['GET', `${V1}/api/`, 200, shown('api', 'normal', 'api')],
      ['GET', '/kapacitor/v1preview/users/api', 200, shown('api', 'normal', 'api')],
      ['GET', '/KAPACITOR/v1/Users/api', 200, shown('api', 'normal', 'api')],
      ['GET', `${V1}/API`, 404, failure(404, 'no user exists').body],
      ['GET', `${V1}/__proto__`, 404, failure(404, 'no user exists').body],
      ['GET', `${V1}/a%20b`, 404, failure(404, 'no user exists').body],
      ['DELETE', `${V1}/nobody`, 204, null],
      ['PATCH', `${V1}/nobody`, 400, failure(400, 'invalid JSON').body],
      ['PUT', `${V1}/api`, 404, failure(404, 'Not Found').body],
      ['POST', `${V1}/api`, 404, failure(404, 'Not Found').body],
      ['PUT', V1, 404, failure(404, 'Not Found').body],
      ['DELETE', V1, 404, failure(404, 'Not Found').body],
      ['GET', `${V1}/api/more`, 404, failure(404, 'Not Found').body],
      ['OPTIONS', `${V1}/api/more`, 404, failure(404, 'Not Found').body],
      ['HEAD', V1, 200, null],
      ['HEAD', `${V1}/nobody`, 404, null],
    ])('%s %s with %i', async (method, path, status, body) => {
      expect(await send(app, [method, path])).toEqual({ status, body });
    });

    it.each(['a%2Fb', '..%2fapi', '%zz', '%2e%2e', 'a%00', '/api', 'api%5c'])(
      'the ambiguous name %s with 400, in JSON',
      async (name) => {
        const { status, body } = await send(app, ['GET', `${V1}/${name}`]);
        expect(status).toBe(400);
        expect(body).toHaveProperty('error', expect.stringContaining('ambiguous path'));
      },
    );

    it.each([
      [V1, 'OPTIONS, HEAD, GET, POST'],
      [`${V1}/api`, 'OPTIONS, HEAD, GET, PATCH, DELETE'],
    ])('OPTIONS %s with what there is, to everyone who is known', async (path, allow) => {
      const { status, headers } = await request(app).options(path).auth('none', 'pw');
      expect([status, headers.allow]).toEqual([200, allow]);
      await request(app).options(path).expect(401);
    });

    it('a CORS preflight without credentials, and tells it nothing of users', async () => {
      const preflight = { Origin: 'http://ui', 'Access-Control-Request-Method': 'PATCH' };
      const { status, text, headers } = await request(app).options(`${V1}/api`).set(preflight);
      expect([status, text]).toEqual([200, '']);
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    });
  });

  it('links to every user by a path that leads to it, once a client encodes it', async () => {
    for (const name of ['åsa@example.org', 'наташа', 'a.b-c_d', '用户']) {
      const { body } = await send(app, ['POST', V1, { name, password: 'x' }]);
      const { href } = (body as { link: { href: string } }).link;
      expect(href).toBe(`${V1}/${name}`);
      expect(await send(app, ['GET', encodeURI(href)])).toEqual({ status: 200, body });
      expect(await send(app, ['DELETE', encodeURI(href)])).toEqual({ status: 204, body: null });
    }
  });

  it('never shows a hash', async () => {
    const created = await send(app, ['POST', V1, { name: 'shy', password: 'x' }]);
    const changed = await send(app, ['PATCH', `${V1}/shy`, { password: 'y' }]);
    const listed = await send(app, ['GET', V1]);
    expect(JSON.stringify([created, changed, listed])).not.toMatch(/\$2|hash/);
    await send(app, ['DELETE', `${V1}/shy`]);
  });

  it('lets requests for other paths pass as they are', async () => {
    const { app: around } = usersApp({ express });
    around.use((incoming, response) => {
      response.json({ url: incoming.url, base: incoming.baseUrl, user: incoming.user ?? null });
    });
    for (const url of ['/', '/kapacitor/v1/tasks', '/kapacitor/v1/usersx', '/kapacitor/v2/users']) {
      await request(around).post(url).expect(200, { url, base: '', user: null });
    }
  });

  it('works below a path of the app', async () => {
    const { auth: inner } = usersApp({ express });
    const mounted = express();
    mounted.use('/svc', usersApi(inner));
    expect(await send(mounted, ['GET', `/svc${V1}/api`])).toEqual({
      status: 200,
      body: shown('api', 'normal', 'api'),
    });
    expect(
      await send(mounted, ['PATCH', `/svc${V1}/api`, { password: 'n' }], { user: 'api' }),
    ).toEqual({ status: 200, body: shown('api', 'normal', 'api') });
    expect((await send(mounted, ['GET', `/svc${V1}`], { user: 'none' })).status).toBe(403);
  });

  it('answers conflicts with 409 and changes nothing', async () => {
    const { app: few, auth: fewAuth } = usersApp({
      express,
      store: new MemoryUserStore([
        { name: 'root', password: 'pw', type: 'admin' },
        { name: 'amy', password: 'pw', permissions: ['api'] },
      ]),
    });
    const before = await fewAuth.users?.list();
    const last = failure(409, '"root" is the last admin: make another user an admin first');
    expect(await send(few, ['DELETE', `${V1}/root`])).toEqual(last);
    expect(await send(few, ['PATCH', `${V1}/root`, { type: 'normal' }])).toEqual(last);
    expect(
      await send(few, ['POST', V1, { name: 'amy', password: 'other', type: 'admin' }]),
    ).toEqual(failure(409, 'user "amy" already exists'));
    expect(await fewAuth.users?.list()).toEqual(before);
    expect((await send(few, ['GET', V1], { user: 'amy' })).status).toBe(200);
  });

  it('refuses the old password at once after a change, and a deleted user', async () => {
    await send(app, ['POST', V1, { name: 'tmp', password: 'old', permissions: ['api'] }]);
    const login = async (password: string) =>
      (await send(app, ['GET', V1], { user: 'tmp', password })).status;
    expect(await login('old')).toBe(200);
    await send(app, ['PATCH', `${V1}/tmp`, { password: 'new' }], { user: 'tmp', password: 'old' });
    expect([await login('old'), await login('new')]).toEqual([401, 200]);
    await send(app, ['DELETE', `${V1}/tmp`]);
    expect(await login('new')).toBe(401);
  });
});
