import request from 'supertest';
import { answer } from '../../../fixtures/meta-stand-in/misbehaviours.js';
import type { KapacitorAuth } from '../../../lib/index.js';
import { kapacitorAuth } from '../../../lib/index.js';
import { createApp } from '../../../lib/server/app.js';
import { LostLines } from '../../../lib/server/lost-lines.js';
import { WrittenLog } from '../../server/written-log.js';
import { listeningLogger } from '../../support/listening-logger.js';
import { eventually, openStore, pathsSeenBy, standIn, USERS } from './stand-ins.js';

const unavailable = { code: 'ERR_KAUTH_STORE_UNAVAILABLE' };
const NO_LEADER = 'its cluster has no leader, so that it knows no users';

describe('A meta node without a leader', () => {
  it('says of nobody that there is no such user', async () => {
    const node = await standIn();
    node.isLeaderless = true;
    const store = await openStore([node]);
    await expect(store.find('k')).rejects.toMatchObject({
      ...unavailable,
      message: `no meta node gives an answer: ${node.address}: ${NO_LEADER}`,
    });
    await expect(store.verify('ldap', 'pw')).rejects.toMatchObject(unavailable);
    node.isLeaderless = false;
    await eventually(() => Promise.resolve(store.find('k')).then(Boolean, () => false));
    expect(await store.find('ghost')).toBeUndefined();
  });

  it('is passed over for one that has a leader, wherever it stands', async () => {
    for (const position of [0, 1]) {
      const nodes = await Promise.all([standIn(), standIn()]);
      const leaderless = nodes[position];
      if (leaderless !== undefined) leaderless.isLeaderless = true;
      const store = await openStore(nodes);
      expect(await store.find('k')).toMatchObject({ name: 'k' });
      expect(await store.find('ghost')).toBeUndefined();
    }
  });

  it('takes no permissions away that roles grant', async () => {
    const node = await standIn({
      roles: [{ name: 'writers', permissions: { '': ['WriteData'] }, users: ['k'] }],
    });
    const store = await openStore([node]);
    node.misbehave(
      (_request, response) => {
        node.isLeaderless = true;
        answer(JSON.stringify({ users: [USERS[0]] }))(_request, response);
      },
      { times: 1, path: '/user' },
    );
    await expect(store.find('k')).rejects.toMatchObject(unavailable);
  });

  it('is asked for its leader once a second, however many names are unknown', async () => {
    const node = await standIn();
    const store = await openStore([node]);
    const names = Array.from({ length: 50 }, (_, index) => `ghost${String(index)}`);
    const start = performance.now();
    expect(await Promise.all(names.map((name) => store.find(name)))).toEqual(
      names.map(() => undefined),
    );
    for (const name of names) expect(await store.find(`other-${name}`)).toBeUndefined();
    const seconds = Math.floor((performance.now() - start) / 1000);
    const asked = pathsSeenBy(node).filter((path) => path === '/status');
    expect(asked.length).toBeGreaterThanOrEqual(1);
    expect(asked.length).toBeLessThanOrEqual(seconds + 1);
  });

  it.each(['status 404', 'status 401', 'no list', 'HTML'] as const)(
    'is believed where it does not tell of a leader: %s',
    async (misbehaviour) => {
      const node = await standIn();
      node.misbehave(misbehaviour, { path: '/status' });
      const store = await openStore([node]);
      expect(await store.find('ghost')).toBeUndefined();
      await store.check();
    },
  );

  it.each(['status 500', 'closed without an answer'] as const)(
    'is not believed where it fails to tell: %s',
    async (misbehaviour) => {
      const node = await standIn();
      node.misbehave(misbehaviour, { path: '/status' });
      const store = await openStore([node]);
      await expect(store.find('ghost')).rejects.toMatchObject(unavailable);
    },
  );
});

describe('An app whose users are on meta nodes', () => {
  let auth: KapacitorAuth;
  afterEach(() => auth.close());

  it('answers 503 while there is no leader, remembers nothing of it and throttles nobody', async () => {
    const node = await standIn();
    auth = kapacitorAuth({
      http: { authEnabled: true },
      auth: { enabled: true, metaAddr: node.address },
      throttle: { failuresPerUser: 2 },
      logger: listeningLogger(),
    });
    const app = createApp(auth, {
      logger: new WrittenLog().logger,
      lostLines: new LostLines(),
    }).listener;
    const login = () => request(app).get('/kapacitor/v1/tasks').auth('k', 'pw');
    node.isLeaderless = true;
    for (let index = 0; index < 5; index += 1) await login().expect(503);
    await request(app).get('/health').expect(503, { status: 'fail' });
    node.isLeaderless = false;
    await eventually(async () => (await login()).status !== 503);
    await login().expect(404);
    await request(app).get('/health').expect(200);
    await node.stop();
    await eventually(async () => (await request(app).get('/health')).status === 503);
    await node.start();
    await eventually(async () => (await request(app).get('/health')).status === 200);
  });

  it('gives users without any permission those of auth.meta-default-permissions', async () => {
    const node = await standIn({
      users: [
        ...USERS,
        { name: 'free', hash: USERS[0]?.hash ?? '' },
        { name: 'other', hash: USERS[0]?.hash ?? '', permissions: { '': ['ViewAdmin'] } },
        { name: 'role', hash: USERS[0]?.hash ?? '' },
      ],
      roles: [{ name: 'r', permissions: { '': ['KapacitorConfigAPI'] }, users: ['role'] }],
    });
    auth = kapacitorAuth({
      http: { authEnabled: true },
      auth: {
        enabled: true,
        metaAddr: node.address,
        metaDefaultPermissions: 'api, write_points',
      },
      logger: listeningLogger(),
    });
    expect(await auth.find('free')).toMatchObject({
      type: 'normal',
      permissions: ['api', 'write_points'],
      source: 'meta',
    });
    expect((await auth.find('free'))?.canDatabase('write', 'any')).toBe(true);
    expect((await auth.find('free'))?.can('read', '/api/config')).toBe(false);
    expect(await auth.find('k')).toMatchObject({ permissions: ['api'] });
    expect(await auth.find('other')).toMatchObject({ permissions: [] });
    expect(await auth.find('role')).toMatchObject({ permissions: ['config_api'] });
    await auth.close();
    auth = kapacitorAuth({
      http: { authEnabled: true },
      auth: { enabled: true, metaAddr: node.address },
      logger: listeningLogger(),
    });
    expect(await auth.find('free')).toMatchObject({ permissions: [], privileges: {} });
  });
});
