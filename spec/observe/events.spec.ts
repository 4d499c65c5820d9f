import type { Express } from 'express';
import request from 'supertest';
import { digestOfToken } from '../../lib/credentials/subscription-token.js';
import type { KapacitorAuth, KapacitorAuthOptions } from '../../lib/index.js';
import {
  authorizeApi,
  judgeApiRequest,
  kapacitorAuth,
  KapacitorAuthError,
  MemoryUserStore,
  requireAdmin,
  requireDatabase,
  requirePermission,
  usersApi,
} from '../../lib/index.js';
import { expresses } from '../support/expresses.js';
import { basic, openAuth, SECRET } from '../support/open-auth.js';
import { heard } from './heard.js';

/** The address from which supertest asks. */
const address: unknown = expect.stringMatching(/127\.0\.0\.1$/);

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it is not there');
  return value;
}

describe.each(expresses)('events on %s', (_name, express) => {
  /** An app with all that can refuse. */
  function open(options: KapacitorAuthOptions = {}): { app: Express; auth: KapacitorAuth } {
    const auth = openAuth({ http: { authEnabled: true, sharedSecret: SECRET }, ...options });
    const app = express();
    app.use(usersApi(auth), auth);
    app.use('/admin', requireAdmin());
    app.use('/config', requirePermission('config_api'));
    app.post('/write', requireDatabase('write', 'telegraf'));
    app.use('/kapacitor', authorizeApi());
    app.use((_request, response) => {
      response.send('served');
    });
    return { app, auth };
  }

  it.each([
    ['/a/b?u=x&p=y', 'GET', 'root', 'root-pw', 'authenticated', { path: '/a/b' }],
    ['/', 'GET', 'root', 'wrong', 'rejected', { code: 'ERR_KAUTH_FAILED', status: 401 }],
    ['/', 'GET', 'nobody', 'wrong', 'rejected', { code: 'ERR_KAUTH_FAILED', user: undefined }],
    ['/', 'GET', '', 'x', 'rejected', { code: 'ERR_KAUTH_USERNAME_REQUIRED', user: undefined }],
    ['/admin/x?y', 'GET', 'amy', 'amy-pw', 'forbidden', { path: '/admin/x', status: 403 }],
    ['/config', 'PUT', 'amy', 'amy-pw', 'forbidden', { code: 'ERR_KAUTH_FORBIDDEN' }],
    ['/write', 'POST', 'amy', 'amy-pw', 'forbidden', { code: 'ERR_KAUTH_FORBIDDEN_DATABASE' }],
    ['/kapacitor/v1/config/smtp', 'GET', 'amy', 'amy-pw', 'forbidden', {}],
    [
      '/kapacitor/v1/users/root',
      'DELETE',
      'amy',
      'amy-pw',
      'forbidden',
      { code: 'ERR_KAUTH_ESCALATION' },
    ],
  ])('tell of %s by %s as %s with %s: %s', async (path, method, user, password, event, details) => {
    const { app, auth } = open();
    const events = heard(auth);
    const sent = request(app).get(path).set('Authorization', basic(user, password));
    sent.method = method;
    await sent;
    const [pathOnly] = path.split('?');
    expect(events.at(-1)).toEqual(
      expect.objectContaining({ event, address, method, path: pathOnly, user, ...details }),
    );
    const [first, ...others] = events;
    expect(first?.event).toBe(event === 'rejected' ? 'rejected' : 'authenticated');
    expect(others.map((other) => other.event)).toEqual(event === 'forbidden' ? ['forbidden'] : []);
  });

  it('tell of each request that is let in, also of those who are known', async () => {
    const { app, auth } = open();
    const events = heard(auth, ['authenticated']);
    for (let count = 0; count < 3; count += 1) {
      await request(app).get('/').auth('amy', 'amy-pw').expect(200);
    }
    expect(events).toHaveLength(3);
  });

  it.each([
    ['the middleware', 'user'],
    ['the middleware', 'kapacitorUser'],
    ['passport', 'user'],
    ['passport', 'kapacitorUser'],
  ] as const)(
    'tell once of a request that %s let in before the middleware, which keeps users in %s',
    async (by, property) => {
      const auth = openAuth({ property });
      const events = heard(auth);
      const passport = auth.passport.authenticate('kapacitor', { session: false });
      const app = express().use(by === 'passport' ? passport : auth, auth, (_request, response) => {
        response.send('served');
      });
      for (let turn = 1; turn <= 3; turn += 1) {
        await request(app).get('/').auth('amy', 'amy-pw').expect(200);
        expect(events).toHaveLength(turn);
      }
    },
  );

  it('tell of what passport refuses, also if requests without credentials pass elsewhere', async () => {
    const auth = openAuth({ optional: true });
    const events = heard(auth);
    const app = express();
    app.use('/own', auth.passport.authenticate('kapacitor', { session: false }));
    app.use(auth, (_request, response) => {
      response.send('served');
    });
    await request(app).get('/').expect(200);
    expect(events).toEqual([]);
    await request(app).get('/own').expect(401);
    expect(events).toMatchObject([{ event: 'rejected', code: 'ERR_KAUTH_CREDENTIALS_MISSING' }]);
  });

  it('tell of requests without credentials only where these are refused', async () => {
    const auth = openAuth({ optional: true });
    const app = express();
    app.use(auth);
    app.get('/open', (_request, response) => {
      response.send('open');
    });
    app.use(requirePermission('api'));
    const events = heard(auth);
    await request(app).get('/open').expect(200);
    expect(events).toEqual([]);
    await request(app).get('/closed').expect(401);
    expect(events).toEqual([
      expect.objectContaining({ event: 'rejected', code: 'ERR_KAUTH_CREDENTIALS_MISSING' }),
    ]);
  });

  it('tell of the address that Express trusts', async () => {
    const { app, auth } = open();
    app.set('trust proxy', true);
    const events = heard(auth);
    await request(app).get('/').set('X-Forwarded-For', '192.0.2.7').expect(401);
    expect(events).toEqual([expect.objectContaining({ address: '192.0.2.7' })]);
  });

  it('tell of what a store that is down keeps out', async () => {
    const find = () => Promise.reject(new Error('down'));
    const { app, auth } = open({ store: { find } });
    const events = heard(auth);
    await request(app).get('/').auth('amy', 'amy-pw').expect(503);
    expect(events).toEqual([
      expect.objectContaining({ code: 'ERR_KAUTH_STORE_UNAVAILABLE', status: 503 }),
    ]);
  });

  it('tell of refusals of users that passport let in', async () => {
    const auth = openAuth();
    const app = express();
    app.use(auth.passport.authenticate('kapacitor', { session: false }), requireAdmin());
    const events = heard(auth);
    await request(app).get('/').auth('amy', 'wrong').expect(401);
    await request(app).get('/').auth('amy', 'amy-pw').expect(403);
    expect(events.map(({ event }) => event)).toEqual(['rejected', 'authenticated', 'forbidden']);
  });

  it('tell who changed what of a user, before the answer is sent', async () => {
    const { app, auth } = open();
    const events = heard(auth, ['userChanged']);
    const send = (method: 'post' | 'patch' | 'delete', path: string, body?: object) =>
      request(app)[method](`/kapacitor/v1/users${path}`).auth('root', 'root-pw').send(body);
    await send('post', '', { name: 'joe', password: 'joe-pw', permissions: ['api'] }).expect(200);
    await send('patch', '/joe', { permissions: ['api', 'write_points'] }).expect(200);
    await send('patch', '/joe', { permissions: ['write_points', 'api'], type: 'normal' });
    await send('patch', '/joe', { password: 'new-pw' }).expect(200);
    await send('patch', '/joe', { type: 'admin' }).expect(200);
    await send('delete', '/joe').expect(204);
    await send('delete', '/joe').expect(204);
    const told = { event: 'userChanged', user: 'joe', actor: 'root', address };
    const both = { type: 'normal', permissions: ['api', 'write_points'] };
    const all = ['type', 'permissions', 'password'];
    const api = { type: 'normal', permissions: ['api'] };
    const admin = { type: 'admin', permissions: [] };
    expect(events).toEqual([
      { ...told, change: 'created', before: undefined, after: api, fields: all },
      { ...told, change: 'updated', before: api, after: both, fields: ['permissions'] },
      { ...told, change: 'updated', before: both, after: both, fields: ['password'] },
      {
        ...told,
        change: 'updated',
        before: both,
        after: admin,
        fields: ['type', 'permissions'],
      },
      { ...told, change: 'deleted', before: admin, after: undefined, fields: all },
    ]);
  });
});

describe('events', () => {
  it('tell what code changes, without or with who asked for it', async () => {
    const auth = openAuth();
    const events = heard(auth);
    await auth.users?.create({ name: 'joe', password: 'joe-pw' });
    await auth.users?.by({ name: 'boss', address: '192.0.2.1' }).delete('joe', { force: true });
    await expect(auth.users?.delete('root')).rejects.toMatchObject({ status: 409 });
    expect(events).toEqual([
      expect.objectContaining({ change: 'created', actor: undefined, address: undefined }),
      expect.objectContaining({ change: 'deleted', actor: 'boss', address: '192.0.2.1' }),
    ]);
  });

  it('tell of subscriptions that are granted and revoked, never their tokens', async () => {
    const auth = openAuth();
    const events = heard(auth);
    const subscriptions = present(auth.subscriptions);
    const place = { database: 'telegraf', retentionPolicy: 'autogen' };
    const { id, token } = await subscriptions.grant({ ...place, cluster: 'eu' });
    const digest = digestOfToken(token);
    const boss = subscriptions.by({ name: 'boss', address: '192.0.2.1' });
    await boss.put({
      digest: 'b'.repeat(64),
      cluster: 'us',
      database: '',
      created: '2026-11-28T00:00:00Z',
    });
    await expect(boss.revoke(id)).resolves.toBe(true);
    await expect(boss.revoke(id)).resolves.toBe(false);
    await subscriptions.grant({ database: 'other' });
    await expect(boss.revokeDatabase('other')).resolves.toBe(1);
    await expect(boss.revokeDatabase('other')).resolves.toBe(0);
    await expect(subscriptions.grant({})).rejects.toThrow();
    const event = 'subscriptionChanged';
    const by = { actor: 'boss', address: '192.0.2.1' };
    expect(events).toEqual([
      { event, change: 'granted', id, ...place, cluster: 'eu' },
      { event, change: 'granted', id: 'b'.repeat(16), database: '', cluster: 'us', ...by },
      { event, change: 'revoked', id, ...place, cluster: 'eu', ...by },
      { event, change: 'granted', id: expect.any(String), database: 'other', cluster: 'default' },
      { event, change: 'revoked', database: 'other', ...by },
    ]);
    for (const secret of [token, digest]) expect(JSON.stringify(events)).not.toContain(secret);
  });

  it('are not about a hash that is renewed', async () => {
    const store = new MemoryUserStore([{ name: 'amy', password: 'amy-pw' }]);
    const auth = kapacitorAuth({ auth: { bcryptCost: 5 }, store });
    const events = heard(auth, ['userChanged']);
    await auth.authenticate({ headers: { authorization: basic('amy', 'amy-pw') } });
    while (!(await store.find('amy'))?.hash.startsWith('$2b$05')) {
      await new Promise(setImmediate);
    }
    await auth.close();
    expect(events).toEqual([]);
  });

  it('tell of refusals outside of Express once, however often they are reported', async () => {
    const auth = openAuth();
    const events = heard(auth);
    const refuse = async (name: string, password: string, url: string) => {
      const incoming = { headers: { authorization: basic(name, password) }, method: 'GET', url };
      try {
        const user = await auth.authenticate(incoming);
        Object.assign(incoming, { user });
        judgeApiRequest(user, 'GET', url);
      } catch (error) {
        if (!(error instanceof KapacitorAuthError)) throw error;
        auth.reportRefusal(error, incoming);
        auth.reportRefusal(error, incoming);
      }
    };
    await refuse('amy', 'wrong', '/kapacitor/v1/tasks');
    await refuse('amy', 'amy-pw', 'http://u:secret@host/kapacitor/v1/config;p=secret');
    await refuse('amy', 'amy-pw', '/kapacitor/v1/config#secret?x');
    expect(events.map(({ event }) => event)).toEqual([
      'rejected',
      'authenticated',
      'authenticated',
    ]);
    await refuse('', 'x', 'http://u:secret@host?u=amy&p=secret');
    expect(events[3]).toMatchObject({ event: 'rejected', path: '/' });
    await refuse('amy', 'amy-pw', '/kapacitor/v1/config?u=amy&p=secret');
    expect(events.slice(5)).toEqual([
      expect.objectContaining({
        event: 'forbidden',
        user: 'amy',
        path: '/kapacitor/v1/config',
        address: undefined,
      }),
    ]);
    expect(JSON.stringify(events)).not.toContain('secret');
  });
});
