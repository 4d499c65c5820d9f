import type { RequestHandler } from 'express';
import request from 'supertest';
import type { KapacitorAuth, KapacitorAuthOptions } from '../../lib/index.js';
import { authorizeApi, requireAdmin, usersApi } from '../../lib/index.js';
import { expresses } from '../support/expresses.js';
import { openAuth } from '../support/open-auth.js';

/** An object of the app that looks like a user who may do everything. */
const FOREIGN = { id: 7, name: 'member', type: 'admin', admin: true, can: () => true };

const setOwn: RequestHandler = (incoming, _response, next) => {
  Object.assign(incoming, { user: FOREIGN });
  next();
};

const show: RequestHandler = (incoming, response) => {
  response.json({ user: incoming.user, kapacitorUser: incoming.kapacitorUser?.name });
};

describe.each(expresses)('an app with a req.user of its own, on %s', (_name, express) => {
  const open = (options: KapacitorAuthOptions = {}): KapacitorAuth =>
    openAuth({ property: 'kapacitorUser', ...options });

  it('keeps it, and is protected by ours', async () => {
    const app = express().use(setOwn, open());
    app.get('/', show);
    app.get('/admin', requireAdmin(), show);
    app.use(authorizeApi(), show);
    const server = request(app);
    await server.get('/').expect(401);
    const { body } = await server.get('/').auth('amy', 'amy-pw').expect(200);
    expect(body).toEqual({ user: JSON.parse(JSON.stringify(FOREIGN)), kapacitorUser: 'amy' });
    // The second time it is remembered.
    await server.get('/admin').auth('amy', 'amy-pw').expect(403);
    await server.get('/admin').auth('root', 'root-pw').expect(200);
    await server.get('/kapacitor/v1/config').auth('amy', 'amy-pw').expect(403);
    await server.get('/kapacitor/v1/tasks').auth('amy', 'amy-pw').expect(200);
  });

  it('asks for credentials where a request has passed without, whoever the app says it is', async () => {
    const told: unknown[] = [];
    const auth = open({ optional: true });
    auth.on('rejected', ({ user }) => told.push(user));
    const app = express().use(setOwn, auth);
    app.get('/', show);
    app.get('/admin', requireAdmin(), show);
    await request(app).get('/').expect(200);
    await request(app).get('/admin').expect(401);
    expect(told).toEqual([undefined]);
  });

  it('tells of a refused user of ours, not of its own', async () => {
    const told: unknown[] = [];
    const auth = open();
    auth.on('forbidden', ({ user }) => told.push(user));
    const app = express().use(setOwn, auth, requireAdmin(), show);
    await request(app).get('/').auth('amy', 'amy-pw').expect(403);
    expect(told).toEqual(['amy']);
  });

  it('manages our users by those of ours', async () => {
    const app = express().use(setOwn, usersApi(open()));
    const server = request(app);
    await server.get('/kapacitor/v1/users').expect(401);
    await server.get('/kapacitor/v1/users').auth('amy', 'amy-pw').expect(200);
    await server.delete('/kapacitor/v1/users/root').auth('amy', 'amy-pw').expect(403);
  });

  it('is told what to do where a guard sees its own user alone', async () => {
    open();
    const app = express().use(setOwn, requireAdmin(), show);
    app.set('env', 'test');
    const { text } = await request(app).get('/').expect(500);
    expect(text).toContain('auth.find(name)');
  });

  it('lets everybody in as the administrator where authentication is off, beside its own', async () => {
    const app = express().use(setOwn, open({ http: { authEnabled: false } }), requireAdmin(), show);
    const { body } = await request(app).get('/').expect(200);
    expect(body).toMatchObject({ user: { id: 7 }, kapacitorUser: 'ADMIN_USER' });
  });

  it('may stand beside one that keeps users in req.user', async () => {
    const app = express();
    app.use('/a', openAuth(), requireAdmin(), show);
    app.use('/b', setOwn, open(), requireAdmin(), show);
    await request(app).get('/a').auth('root', 'root-pw').expect(200);
    await request(app).get('/a').auth('amy', 'amy-pw').expect(403);
    await request(app).get('/b').auth('root', 'root-pw').expect(200);
  });
});
