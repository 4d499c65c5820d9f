import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import { Socket } from 'node:net';
import type { RequestHandler } from 'express';
import request from 'supertest';
import type { KapacitorAuth, KapacitorAuthOptions } from '../../lib/index.js';
import { kapacitorAuth, MemoryUserStore } from '../../lib/index.js';
import { answerAndNote } from '../../lib/server/access-log.js';
import { createApp } from '../../lib/server/app.js';
import { LostLines } from '../../lib/server/lost-lines.js';
import { VERSION } from '../../lib/server/version.js';
import { runWithLib } from '../support/lib-process.js';
import { basic } from '../support/open-auth.js';
import { until } from '../support/until.js';
import { WrittenLog } from './written-log.js';

const USERS = [
  { name: 'root', password: 'root-password', type: 'admin' as const },
  { name: 'amy', password: 'amy-password', permissions: ['api' as const] },
  { name: 'nobody', password: 'nobody-password' },
];

describe('the server', () => {
  let auth: KapacitorAuth;
  let app: RequestListener;
  let log: WrittenLog;

  function create(options: KapacitorAuthOptions = {}): void {
    log = new WrittenLog();
    auth = kapacitorAuth({
      store: new MemoryUserStore(USERS),
      logger: log.logger,
      onError: answerAndNote,
      ...options,
    });
    app = createApp(auth, { logger: log.logger, lostLines: new LostLines() }).listener;
  }

  /** The same with another handler. */
  function authBy(handler: RequestHandler): KapacitorAuth {
    return Object.assign(handler, auth);
  }

  beforeEach(() => {
    create();
  });

  afterEach(async () => {
    await auth.close();
  });

  it('answers a ping as Kapacitor does', async () => {
    const answer = await request(app).get('/kapacitor/v1/ping').auth('amy', 'amy-password');
    expect(answer.status).toBe(204);
    expect(answer.headers['x-kapacitor-version']).toBe(VERSION);
  });

  it('answers a ping by HEAD', async () => {
    await request(app).head('/kapacitor/v1/ping').auth('amy', 'amy-password').expect(204);
  });

  it.each(['amy', 'nobody', 'root'])('tells %s who it is', async (name) => {
    const { body } = await request(app)
      .get('/kapacitor/v1/whoami')
      .auth(name, `${name}-password`)
      .expect(200);
    expect(body).toMatchObject({ name, source: 'local' });
    expect(JSON.stringify(body)).not.toMatch(/hash|\$2/);
  });

  it('serves the users API', async () => {
    const { body } = await request(app)
      .get('/kapacitor/v1/users')
      .auth('root', 'root-password')
      .expect(200);
    expect(body).toMatchObject({ users: [{ name: 'amy' }, { name: 'nobody' }, { name: 'root' }] });
  });

  it('answers 404 in Kapacitor’s shape to an allowed request for what is not served', async () => {
    const body = { error: 'Not Found', message: 'Not Found' };
    for (const path of ['/', '/kapacitor/v1/tasks', '/elsewhere', '/kapacitor/v1preview/tasks']) {
      await request(app).get(path).auth('root', 'root-password').expect(404, body);
    }
    await request(app)
      .post('/kapacitor/v1/ping')
      .auth('root', 'root-password')
      .send({ a: 1 })
      .expect(404, body);
  });

  it('answers 403 before 404', async () => {
    const text = 'user amy does not have "read" privilege for API endpoint "/kapacitor/v1/config"';
    await request(app)
      .get('/kapacitor/v1/config')
      .auth('amy', 'amy-password')
      .expect(403, { error: text, message: text });
  });

  it('answers 400 to a path that could be read in two ways', async () => {
    await request(app)
      .get('/kapacitor/v1/tasks%2f..%2fconfig')
      .auth('amy', 'amy-password')
      .expect(400);
  });

  it('answers 401 with the challenge to a wrong password', async () => {
    const answer = await request(app).get('/kapacitor/v1/ping').auth('amy', 'wrong');
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Basic realm="kapacitor", charset="UTF-8"');
    expect(answer.body).toEqual({
      error: 'authorization failed',
      message: 'authorization failed',
    });
  });

  it('tells no preflight more than which methods there are', async () => {
    const answer = await request(app)
      .options('/kapacitor/v1/whoami')
      .set({ Origin: 'http://elsewhere.example', 'Access-Control-Request-Method': 'GET' });
    expect(answer.text).not.toMatch(/amy|root/);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each(['/kapacitor/v1/ping', '/kapacitor/v1/whoami', '/kapacitor/v1/users', '/nothing'])(
    'keeps the answer to %s out of caches and away from content sniffing',
    async (path) => {
      const { headers } = await request(app).get(path).auth('root', 'root-password');
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
      expect(headers).not.toHaveProperty('x-powered-by');
    },
  );

  it('works on Express 4, too', async () => {
    jest.isolateModules(() => {
      jest.doMock('express', () => jest.requireActual<object>('express4'));
      const loaded = jest.requireActual<{ createApp: typeof createApp }>('../../lib/server/app.js');
      app = loaded.createApp(auth, { logger: log.logger, lostLines: new LostLines() }).listener;
    });
    const server = request(app);
    await server.get('/kapacitor/v1/ping').auth('amy', 'amy-password').expect(204);
    await server.get('/kapacitor/v1/users').auth('root', 'root-password').expect(200);
    await server.get('/kapacitor/v1/config').auth('amy', 'amy-password').expect(403);
    await server.get('/kapacitor/v1/nothing').auth('amy', 'amy-password').expect(404);
    await server.get('/kapacitor/v1/nothing').expect(401);
  });

  it('answers 500 without details when something unexpected happens, and logs it', async () => {
    const failing = authBy(() => {
      throw new TypeError('a detail');
    });
    const internal = { error: 'internal server error', message: 'internal server error' };
    await request(createApp(failing, { logger: log.logger, lostLines: new LostLines() }).listener)
      .get('/')
      .expect(500, internal);
    expect(log.text).toContain('a detail');
    expect(log.requests).toMatchObject([{ level: 50, status: 500 }]);
  });

  it('breaks off an answer that fails half-way', async () => {
    const failing = authBy((_request, response) => {
      response.write('half');
      throw new TypeError('a detail');
    });
    await expect(
      request(createApp(failing, { logger: log.logger, lostLines: new LostLines() }).listener).get(
        '/',
      ),
    ).rejects.toThrow('aborted');
    expect(log.requests).toMatchObject([{ status: 200, aborted: true }]);
  });

  describe('with http.auth-enabled = false', () => {
    beforeEach(async () => {
      await auth.close();
      create({ http: { authEnabled: false } });
    });

    it('takes everybody for the administrator', async () => {
      const { body } = await request(app).get('/kapacitor/v1/whoami').expect(200);
      expect(body).toMatchObject({ name: 'ADMIN_USER', type: 'admin', source: 'disabled' });
    });
  });

  describe('its access log', () => {
    it('has one line a request, with who asked from where and what was answered', async () => {
      await request(app).get('/kapacitor/v1/ping').auth('amy', 'amy-password');
      expect(log.requests).toEqual([
        {
          level: 30,
          time: expect.any(Number),
          address: expect.stringMatching(/127\.0\.0\.1$/),
          user: 'amy',
          method: 'GET',
          path: '/kapacitor/v1/ping',
          status: 204,
          ms: expect.any(Number),
          msg: 'request',
        },
      ]);
    });

    it.each([
      ['a wrong password', 'amy:wrong', 'ERR_KAUTH_FAILED'],
      ['an unknown name', 'zoe:wrong', 'ERR_KAUTH_FAILED'],
      ['an empty name', ':wrong', 'ERR_KAUTH_USERNAME_REQUIRED'],
    ])('gives the address and the reason for a 401: %s', async (_what, login, code) => {
      const [name = '', password = ''] = login.split(':');
      const authorization = basic(name, password);
      await request(app).get('/kapacitor/v1/ping').set('Authorization', authorization).expect(401);
      expect(log.requests).toMatchObject([
        { address: expect.stringMatching(/127\.0\.0\.1$/), status: 401, code },
      ]);
      expect(log.requests[0]).not.toHaveProperty('user');
    });

    it('gives the user and the reason for a 403', async () => {
      await request(app).get('/kapacitor/v1/config').auth('amy', 'amy-password').expect(403);
      expect(log.requests).toMatchObject([
        { user: 'amy', status: 403, code: 'ERR_KAUTH_FORBIDDEN' },
      ]);
    });

    it('tells when a client goes away before the answer', async () => {
      const socket = new Socket();
      const unanswered = authBy(() => {
        socket.destroy();
      });
      const server = createServer(
        createApp(unanswered, { logger: log.logger, lostLines: new LostLines() }).listener,
      ).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('no port');
      socket.connect(address.port, '127.0.0.1');
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await until('the request has its line', () => log.requests.length > 0);
      server.close();
      expect(log.requests).toMatchObject([{ path: '/', aborted: true }]);
      expect(log.requests[0]).not.toHaveProperty('status');
    });

    it('holds nothing that lets anyone in', async () => {
      const token = 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl';
      const server = request(app);
      await server.get('/kapacitor/v1/ping').auth('amy', 'amy-password').expect(204);
      await server.get('/kapacitor/v1/ping').auth('amy', 'amy-wrong').expect(401);
      await server.get('/kapacitor/v1/ping?u=amy&p=amy-password').expect(204);
      await server.get('/kapacitor/v1/ping?x=1&p=amy-wrong&u=amy').expect(401);
      await server.get('/kapacitor/v1/ping').auth(token, { type: 'bearer' }).expect(401);
      await server
        .post('/kapacitor/v1/users')
        .auth('root', 'root-password')
        .send({ name: 'new', password: 'new-password' })
        .expect(200);
      await server
        .patch('/kapacitor/v1/users/new')
        .auth('root', 'root-password')
        .send({ password: 'newer-password' })
        .expect(200);
      expect(log.requests).toHaveLength(7);
      const logins = ['amy:amy-password', 'amy:amy-wrong', 'root:root-password'];
      const secrets = [
        ...logins.map((login) => Buffer.from(login).toString('base64')),
        ...['amy-password', 'amy-wrong', 'root-password', 'new-password', 'newer-password'],
        ...token.split('.'),
        '$2b$',
      ];
      for (const secret of secrets) expect(log.text).not.toContain(secret);
    });
  });
});

it('a server that could not load Express is refused before it takes a request', async () => {
  const script = `
    const Module = require('node:module');
    const resolve = Module._resolveFilename;
    Module._resolveFilename = (id, ...rest) => {
      if (id === 'express') throw new Error('no express here');
      return resolve(id, ...rest);
    };
    const { kapacitorAuth } = lib('index.js');
    const { createApp } = lib('server/app.js');
    const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
    let told;
    try { createApp(kapacitorAuth({ configFile: false, logger }), { logger }); }
    catch (error) { told = error.message; }
    console.log(JSON.stringify({ told }));`;
  await expect(runWithLib({ script })).resolves.toEqual({
    told: expect.stringContaining('no express here'),
  });
});
