import request from 'supertest';
import type { KapacitorAuthError } from '../../../lib/index.js';
import {
  authorizeApi,
  kapacitorAuth,
  MemoryUserStore,
  StoreUnavailableError,
  usersApi,
} from '../../../lib/index.js';
import { expresses } from '../../support/expresses.js';
import { closeUsersApps, errorsOf, failure, send, usersApp, V1 } from './users-app.js';

afterAll(closeUsersApps);

describe.each(expresses)('the users API on %s', (_name, express) => {
  // More wrong passwords are tried here than people try in a minute.
  const { app, auth } = usersApp({ express, throttle: { enabled: false } });

  describe('guards itself', () => {
    it.each(['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND'])(
      '%s without credentials, or with wrong ones: 401',
      async (method) => {
        for (const path of [
          V1,
          `${V1}/root`,
          `${V1}/root/more`,
          '/kapacitor/v1preview/users/root',
        ]) {
          expect((await send(app, [method, path], { password: 'wrong' })).status).toBe(401);
          const bare = request(app).get(path);
          bare.method = method;
          const { status, headers } = await bare;
          expect(status).toBe(401);
          expect(headers['www-authenticate']).toContain('Basic');
        }
      },
    );

    it.each(['none', 'config', 'writer'])('from %s, who has no privilege here', async (user) => {
      const judged: (readonly [string, string, string])[] = [
        ['GET', V1, 'read'],
        ['HEAD', V1, 'read'],
        ['POST', V1, 'write'],
        ['GET', `${V1}/root`, 'read'],
        ['PATCH', `${V1}/root`, 'write'],
        ['PUT', `${V1}/${user}`, 'write'],
        ['DELETE', `${V1}/root`, 'delete'],
        ['PROPFIND', `${V1}/root`, 'all'],
      ];
      for (const [method, path, privilege] of judged) {
        const error = `user ${user} does not have "${privilege}" privilege for API endpoint "${path}"`;
        const { status, body } = failure(403, error);
        expect(await send(app, [method, path, '{}'], { user })).toEqual({
          status,
          body: method === 'HEAD' ? null : body,
        });
      }
      expect(await auth.users?.get('root')).toBeDefined();
    });

    it('also where the app comes with its own authentication and rules', async () => {
      const guarded = usersApp({
        express,
        before: (outer, outerAuth) => outer.use(outerAuth, authorizeApi()),
      });
      expect((await send(guarded.app, ['GET', V1])).status).toBe(200);
      expect((await send(guarded.app, ['GET', V1], { user: 'none' })).status).toBe(403);
      await request(guarded.app).get(V1).expect(401);
    });

    it('also where the app lets requests without credentials pass', async () => {
      const store = new MemoryUserStore([{ name: 'root', password: 'pw', type: 'admin' }]);
      const optional = kapacitorAuth({
        http: { authEnabled: true },
        auth: { enabled: true, bcryptCost: 4 },
        optional: true,
        store,
      });
      const open = express();
      open.use(optional, usersApi(optional));
      await request(open).get(V1).expect(401);
      await request(open).delete(`${V1}/root`).expect(401);
      await request(open).get(V1).auth('root', 'pw').expect(200);
      await optional.close();
    });

    it('and lets everyone in as administrator where authentication is switched off', async () => {
      const store = new MemoryUserStore([{ name: 'root', password: 'pw', type: 'admin' }]);
      const off = kapacitorAuth({ http: { authEnabled: false }, store });
      await off.ready();
      const open = express();
      open.use(usersApi(off));
      await request(open).get(V1).expect(200);
      await request(open).post(V1).send('{"name":"amy","password":"x","type":"admin"}').expect(200);
      await off.close();
    });
  });

  describe('where users are kept elsewhere', () => {
    const source = new MemoryUserStore([
      { name: 'root', password: 'pw', type: 'admin' },
      { name: 'none', password: 'pw' },
    ]);
    const readOnly = {
      open: () => source.open(),
      find: (name: string) => source.find(name),
    };
    const { app: elsewhere } = usersApp({ express, store: readOnly });

    it.each(['GET', 'POST'])('%s of all users: 501', async (method) => {
      const { status, body } = await send(elsewhere, [method, V1]);
      expect(status).toBe(501);
      expect(body).toHaveProperty('error', expect.stringContaining('where they are kept'));
    });

    it.each(['GET', 'HEAD', 'PATCH', 'DELETE'])('%s of one user: 501', async (method) => {
      expect((await send(elsewhere, [method, `${V1}/root`])).status).toBe(501);
    });

    it('only those hear of it who may manage users at all', async () => {
      expect((await send(elsewhere, ['GET', V1], { user: 'none' })).status).toBe(403);
      await request(elsewhere).get(V1).expect(401);
    });
  });

  describe('errors', () => {
    it('are answered by the app where it wants to', async () => {
      const seen: KapacitorAuthError[] = [];
      const { app: own } = usersApp({
        express,
        onError: (error, _incoming, response) => {
          seen.push(error);
          response.statusCode = 418;
          response.end('{}');
        },
      });
      await send(own, ['GET', `${V1}/nobody`]);
      await send(own, ['POST', V1, '{nope']);
      await send(own, ['POST', V1, { name: 'x', password: 'x', type: 'admin' }], { user: 'api' });
      await send(own, ['GET', V1], { user: 'none' });
      await send(own, ['GET', V1], { password: 'wrong' });
      expect(seen.map(({ code }) => code)).toEqual([
        'ERR_KAUTH_USER_NOT_FOUND',
        'ERR_KAUTH_INVALID_REQUEST',
        'ERR_KAUTH_ESCALATION',
        'ERR_KAUTH_FORBIDDEN',
        'ERR_KAUTH_FAILED',
      ]);
    });

    it('of the store are answered with 503 and Retry-After, without their text', async () => {
      class Failing extends MemoryUserStore {
        override list(): never {
          throw new StoreUnavailableError('disk /dev/secret is gone');
        }
      }
      const store = new Failing([{ name: 'root', password: 'pw', type: 'admin' }]);
      const { app: failing } = usersApp({ express, store });
      const { status, headers, text } = await request(failing).get(V1).auth('root', 'pw');
      expect([status, headers['retry-after']]).toEqual([503, '1']);
      expect(text).not.toContain('secret');
    });

    it('of the store that nobody foresaw are answered so too, as at a look-up', async () => {
      class Broken extends MemoryUserStore {
        override list(): never {
          throw new RangeError('unforeseen');
        }
      }
      const store = new Broken([{ name: 'root', password: 'pw', type: 'admin' }]);
      const { app: broken } = usersApp({ express, store });
      const errors = errorsOf(broken);
      const text = 'the user store is unavailable, try again later';
      expect(await send(broken, ['GET', V1])).toEqual(failure(503, text));
      expect(errors).toEqual([]);
    });

    it('of the onError of an app go to its error handler', async () => {
      const { app: broken } = usersApp({
        express,
        onError: () => {
          throw new RangeError('in onError');
        },
      });
      const errors = errorsOf(broken);
      await send(broken, ['GET', `${V1}/nobody`]);
      expect(errors).toEqual([new RangeError('in onError')]);
    });
  });
});
