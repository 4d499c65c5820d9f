import { setTimeout as delay } from 'node:timers/promises';
import express from 'express';
import request from 'supertest';
import { MetaStandIn } from '../fixtures/meta-stand-in/meta-stand-in.js';
import recording from '../fixtures/reference/meta-authorization.json';
import type { KapacitorAuth, KapacitorAuthOptions } from '../lib/index.js';
import { authorizeApi, kapacitorAuth, usersApi } from '../lib/index.js';
import { listeningLogger } from './support/listening-logger.js';
import { until } from './support/until.js';

const HASH = recording.metaUsers.k.hash;
const OTHER_HASH = '$2b$04$/////////////////////.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

const opened: KapacitorAuth[] = [];

async function startNode(users: ConstructorParameters<typeof MetaStandIn>[0]) {
  const node = new MetaStandIn(users);
  await node.start();
  nodes.push(node);
  return node;
}
const nodes: MetaStandIn[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((auth) => auth.close()));
  await Promise.all(nodes.splice(0).map((node) => node.stop()));
});

function appOver(node: MetaStandIn, auth: KapacitorAuthOptions['auth'] = {}) {
  const middleware = kapacitorAuth({
    http: { authEnabled: true },
    auth: { enabled: true, bcryptCost: 4, metaAddr: node.address, ...auth },
    logger: listeningLogger(),
  });
  opened.push(middleware);
  const app = express();
  app.use(middleware, authorizeApi(), usersApi(middleware));
  app.use((incoming, response) => {
    response.json(incoming.user);
  });
  return { app, middleware };
}

const TASKS = '/kapacitor/v1/tasks';

describe('users of a meta node, over HTTP', () => {
  it('may do what a real Kapacitor recorded', async () => {
    const node = await startNode({ users: Object.values(recording.metaUsers) });
    const { app } = appOver(node);
    const server = app.listen(0);
    for (const { user, method, path, decision } of recording.cases) {
      if (method === 'HEAD' || path === '/kapacitor/v1/users') continue;
      const sent = request(server).get(path).auth(user, recording.password);
      const { status } = await sent.use((made) => {
        made.method = method;
      });
      expect([user, method, path, status]).toEqual([
        user,
        method,
        path,
        decision === 'allowed' ? 200 : 403,
      ]);
    }
    server.close();
    const looked = node.requests.filter(({ path }) => path.startsWith('/user?'));
    expect(looked).toHaveLength(new Set(recording.cases.map(({ user }) => user)).size);
  });

  it('are shown as such, and are managed on the node', async () => {
    const node = await startNode({ users: Object.values(recording.metaUsers) });
    const { app, middleware } = appOver(node);
    const { body } = await request(app).get(TASKS).auth('k', 'pw').expect(200);
    expect(body).toMatchObject({ name: 'k', type: 'normal', permissions: ['api'], source: 'meta' });
    expect(middleware.users).toBeUndefined();
    const refused = await request(app).get('/kapacitor/v1/users').auth('k', 'pw').expect(501);
    expect(refused.body).toEqual(
      expect.objectContaining({ message: expect.stringContaining('meta node') }),
    );
  });

  it('are unknown at once where the node does not know them, until it does', async () => {
    const node = await startNode({ users: [] });
    const { app } = appOver(node);
    const { k } = recording.metaUsers;
    await request(app).get(TASKS).auth('k', 'pw').expect(401);
    node.users.set('k', { ...k });
    await request(app).get(TASKS).auth('k', 'pw').expect(200);
  });

  it('log in with a new password at once, though the old one is remembered and was just tried', async () => {
    const { k } = recording.metaUsers;
    const node = await startNode({ users: [{ ...k, hash: OTHER_HASH }] });
    const { app } = appOver(node);
    for (const password of ['pw', 'other']) {
      await request(app).get(TASKS).auth('k', password).expect(401);
    }
    node.users.set('k', { ...k, hash: HASH });
    await request(app).get(TASKS).auth('k', 'pw').expect(200);
  });

  it('of a directory are verified by the node, once', async () => {
    const permissions = { '': ['KapacitorAPI'] };
    const node = await startNode({
      users: [{ name: 'lea', hash: '', password: 'dir pw', permissions }],
    });
    const { app } = appOver(node);
    await request(app).get(TASKS).auth('lea', 'dir pw').expect(200);
    await request(app).get(TASKS).auth('lea', 'dir pw').expect(200);
    await request(app).get(TASKS).auth('lea', 'other').expect(401);
    const asked = node.requests.filter(({ path }) => path.startsWith('/authorized'));
    expect(asked).toHaveLength(2);
  });

  it('who are remembered go on while the node is down; others are told to wait', async () => {
    const node = await startNode({ users: Object.values(recording.metaUsers) });
    const { app } = appOver(node);
    await request(app).get(TASKS).auth('k', 'pw').expect(200);
    await node.stop();
    await request(app).get(TASKS).auth('k', 'pw').expect(200);
    const waiting = await request(app).get(TASKS).auth('kc', 'pw').expect(503);
    expect(waiting.headers).toHaveProperty('retry-after');
    await node.start();
    const statusOfNew = async () => (await request(app).get(TASKS).auth('kc', 'pw')).status;
    await until('the node answers again', async () => (await statusOfNew()) === 200);
  });

  it('are served for stale-if-error after they expired while the node is down, and no longer', async () => {
    const node = await startNode({ users: Object.values(recording.metaUsers) });
    const { app } = appOver(node, { cacheExpiration: '50ms', staleIfError: '2s' });
    await request(app).get(TASKS).auth('k', 'pw').expect(200);
    await node.stop();
    await delay(100);
    await request(app).get(TASKS).auth('k', 'pw').expect(200);
    const status = async () => (await request(app).get(TASKS).auth('k', 'pw')).status;
    await until('the user is served no longer', async () => (await status()) === 503);
  });

  const STALE = { cacheExpiration: '50ms', staleIfError: '1h' };

  it('of a directory are served for stale-if-error as well, by their last right password only', async () => {
    const permissions = { '': ['KapacitorAPI'] };
    const node = await startNode({
      users: [{ name: 'lea', hash: '', password: 'old', permissions }],
    });
    const { app } = appOver(node, STALE);
    await request(app).get(TASKS).auth('lea', 'old').expect(200);
    node.users.set('lea', { name: 'lea', hash: '', password: 'new', permissions });
    await request(app).get(TASKS).auth('lea', 'new').expect(200);
    await node.stop();
    await delay(100);
    await request(app).get(TASKS).auth('lea', 'new').expect(200);
    await request(app).get(TASKS).auth('lea', 'old').expect(503);
    await request(app).get(TASKS).auth('lea', 'other').expect(503);
  });

  it.each<[string, (node: MetaStandIn) => void]>([
    ['the node refuses our credentials', (node) => (node.credentials = { sharedSecret: 'other' })],
    [
      'the node has a hash of theirs that is none',
      (node) => node.users.set('k', { ...recording.metaUsers.k, hash: '!' }),
    ],
    ['the node does not know them any more', (node) => node.users.delete('k')],
    [
      'their hash is of a cost that can not be used',
      (node) =>
        node.users.set('k', { ...recording.metaUsers.k, hash: HASH.replace('$04$', '$31$') }),
    ],
  ])(
    'are not served for stale-if-error once %s, nor while it is down after that',
    async (_, change) => {
      const node = await startNode({ users: Object.values(recording.metaUsers) });
      const { app } = appOver(node, STALE);
      await request(app).get(TASKS).auth('k', 'pw').expect(200);
      await delay(100);
      change(node);
      const { status } = await request(app).get(TASKS).auth('k', 'pw');
      expect([401, 503]).toContain(status);
      await node.stop();
      await request(app).get(TASKS).auth('k', 'pw').expect(503);
    },
  );

  it('are not served for stale-if-error by a node that answers others', async () => {
    const node = await startNode({ users: Object.values(recording.metaUsers) });
    const { app } = appOver(node, STALE);
    await request(app).get(TASKS).auth('k', 'pw').expect(200);
    await delay(100);
    const held: (() => void)[] = [];
    node.misbehave(
      (incoming, response) => {
        if (incoming.url !== '/user?name=k') response.writeHead(404).end('{"error":"not found"}');
        else held.push(() => response.destroy());
      },
      { path: '/user' },
    );
    const asked = request(app)
      .get(TASKS)
      .auth('k', 'pw')
      .then(({ status }) => status);
    const ended: true[] = [];
    void asked.finally(() => ended.push(true));
    while (ended.length === 0) {
      if (held.length > 0) {
        await request(app).get(TASKS).auth('ghost', 'pw').expect(401);
        held.shift()?.();
      }
      await delay(5);
    }
    expect(await asked).toBe(503);
  });

  it('are looked up until three seconds after their login began, and no longer', async () => {
    const untils: (number | undefined)[] = [];
    const user = { name: 'k', type: 'normal', permissions: [], hash: HASH } as const;
    const auth = kapacitorAuth({
      http: { authEnabled: true },
      auth: { enabled: true, bcryptCost: 4 },
      logger: listeningLogger(),
      store: {
        mayBeStale: true,
        find: async (_, options) => {
          untils.push(options?.until);
          await delay(5);
          return user;
        },
      },
    });
    opened.push(auth);
    const login = (password: string) => ({
      headers: { authorization: `Basic ${btoa(`k:${password}`)}` },
    });
    await auth.authenticate(login('pw'));
    untils.length = 0;
    const start = performance.now();
    await expect(auth.authenticate(login('other'))).rejects.toThrow('authorization failed');
    expect(untils).toHaveLength(1);
    expect(untils[0]).toBeGreaterThanOrEqual(start + 3000);
    expect(untils[0]).toBeLessThanOrEqual(performance.now() + 3000);
  });
});
