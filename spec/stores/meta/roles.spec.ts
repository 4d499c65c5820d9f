import type { Misbehaviour } from '../../../fixtures/meta-stand-in/misbehaviours.js';
import { answer } from '../../../fixtures/meta-stand-in/misbehaviours.js';
import { StoreUnavailableError } from '../../../lib/errors.js';
import { eventually, HASH, openStore, pathsSeenBy, recordingLogger, standIn } from './stand-ins.js';

const USERS = ['ann', 'bob', 'cy'].map((name) => ({ name, hash: HASH, permissions: {} }));
const ROLES = [
  { name: 'operators', permissions: { '': ['KapacitorAPI'] }, users: ['ann', 'bob'] },
  { name: 'writers', permissions: { db: ['WriteData', 'Rebalance'] }, users: ['bob'] },
  { name: 'nobody’s', permissions: { '': ['KapacitorConfigAPI'] } },
  { name: 'empty', users: ['ann'] },
];

const API = { '/api': ['all'], '/api/config': ['none'] };

describe('Roles', () => {
  it('give their users what they grant', async () => {
    const node = await standIn({ users: USERS, roles: ROLES });
    const store = await openStore([node]);
    expect(await store.find('ann')).toMatchObject({ permissions: ['api'], privileges: API });
    expect(await store.find('bob')).toMatchObject({
      type: 'normal',
      permissions: ['api'],
      privileges: {
        ...API,
        '/api/ping': ['all'],
        '/api/write': ['write'],
        '/database/db': ['write'],
      },
    });
    expect(await store.find('cy')).toMatchObject({ permissions: [], privileges: {} });
  });

  it('are asked for once by all who are looked up at the same time', async () => {
    const node = await standIn({ users: USERS, roles: ROLES });
    const store = await openStore([node]);
    await Promise.all(USERS.map(async ({ name }) => store.find(name)));
    await store.find('ann');
    expect(pathsSeenBy(node).filter((path) => path === '/role')).toHaveLength(1);
  });

  it('are asked for only for a user who exists', async () => {
    const node = await standIn({ users: USERS, roles: ROLES });
    const store = await openStore([node]);
    await store.find('ghost');
    expect(pathsSeenBy(node)).toEqual(['/user?name=ghost', '/status']);
  });

  it('do not outlive cache-expiration: a list is used for a second at most', async () => {
    const node = await standIn({ users: USERS, roles: ROLES });
    const store = await openStore([node]);
    await store.find('ann');
    node.roles.length = 0;
    await eventually(async () => (await store.find('ann'))?.permissions.length === 0);
  });

  it.each(['status 404', 'status 401', 'status 403'] as const)(
    'that are answered by "%s" leave what is granted to the user itself, with one warning',
    async (misbehaviour) => {
      const logger = recordingLogger();
      const node = await standIn({ roles: ROLES });
      node.misbehave(misbehaviour, { path: '/role' });
      const store = await openStore([node], { logger, cacheExpiration: 0 });
      expect(await store.find('k')).toMatchObject({ permissions: ['api'] });
      expect(await store.find('ldap')).toMatchObject({ permissions: ['api'] });
      expect(logger.lines).toEqual([
        expect.stringMatching(
          /^warn: WRN_KAUTH_META_NO_ROLES: .*auth\.meta-username may read \/role$/,
        ),
      ]);
    },
  );

  it.each<Misbehaviour>([
    'status 500',
    'black hole',
    'HTML',
    'truncated JSON',
    'users null',
    'status 400',
  ])('that are answered by "%s" let nobody in', async (misbehaviour) => {
    const node = await standIn({ roles: ROLES });
    node.misbehave(misbehaviour, { path: '/role' });
    const store = await openStore([node], { deadline: 200 });
    await expect(store.find('k')).rejects.toThrow(StoreUnavailableError);
  });

  it.each([
    '{}',
    '{"roles":null}',
    '{"roles":[]}',
    '{"roles":[{"permissions":null,"users":null}]}',
  ])('may be none: %s', async (body) => {
    const node = await standIn();
    node.misbehave(answer(body), { path: '/role' });
    const store = await openStore([node]);
    expect(await store.find('k')).toMatchObject({ permissions: ['api'] });
  });

  it('may hold what is not known here', async () => {
    const node = await standIn({
      users: [{ name: 'k', hash: HASH, permissions: { '': [9, null, 'NewThing', 'ReadData'] } }],
    });
    const role = {
      name: 'r',
      new: {},
      permissions: { a: null, b: ['ReadData', {}] },
      users: ['k'],
    };
    node.misbehave(answer(JSON.stringify({ roles: [role], next: 1 })), { path: '/role' });
    const store = await openStore([node]);
    expect(await store.find('k')).toMatchObject({
      privileges: { '/api/ping': ['all'], '/database': ['read'] },
    });
  });

  it('count from when they were asked for, as do those who are made of them', async () => {
    const node = await standIn({ users: USERS, roles: ROLES });
    const store = await openStore([node]);
    const before = performance.now();
    const first = await store.find('ann');
    const between = performance.now();
    const second = await store.find('bob');
    expect(first?.asOf).toBeGreaterThanOrEqual(before);
    expect(second?.asOf).toBeGreaterThanOrEqual(before);
    expect(second?.asOf).toBeLessThan(between);
    expect(pathsSeenBy(node).filter((path) => path === '/role')).toHaveLength(1);
  });

  it('and users may have permissions on a database of any name', async () => {
    const of = (permission: string): object => JSON.parse(`{"__proto__":["${permission}"]}`);
    const node = await standIn();
    node.misbehave(({ url }, response) => {
      const user = { name: 'k', hash: HASH, permissions: of('ReadData') };
      const role = { name: 'r', users: ['k'], permissions: of('WriteData') };
      const told = url === '/role' ? { roles: [role] } : { users: [user] };
      response.end(JSON.stringify(told));
    });
    const store = await openStore([node]);
    expect(await store.find('k')).toMatchObject({
      privileges: { '/database/__proto__': ['read', 'write'] },
    });
  });

  it.each(['{"a":"ReadData"}', '["ReadData"]', '"ReadData"', '7'])(
    'with permissions that are no lists by database, %s, let nobody in',
    async (permissions) => {
      for (const path of ['/user', '/role']) {
        const node = await standIn();
        const of = path === '/user' ? `"hash":"${HASH}"` : '"users":["k"]';
        const list = `[{"name":"k",${of},"permissions":${permissions}}]`;
        node.misbehave(answer(`{"${path.slice(1)}s":${list}}`), { path });
        const store = await openStore([node], { deadline: 1000 });
        await expect(store.find('k')).rejects.toThrow(StoreUnavailableError);
      }
    },
  );

  it('may fill a list of 16 MiB; of a larger one only direct permissions are left, with a warning', async () => {
    const node = await standIn();
    const store = await openStore([node], { cacheExpiration: 0, logger: recordingLogger() });
    const filled = (size: number) =>
      answer(
        `{"roles":[{"users":["k"],"permissions":{"":["KapacitorConfigAPI"]}}]${' '.repeat(size)}}`,
      );
    node.misbehave(filled(15 * 1024 * 1024), { path: '/role' });
    expect(await store.find('k')).toMatchObject({ permissions: ['api', 'config_api'] });
    const logger = recordingLogger();
    const other = await openStore([node], { cacheExpiration: 0, logger });
    node.misbehave(filled(16 * 1024 * 1024), { path: '/role' });
    expect(await other.find('k')).toMatchObject({ permissions: ['api'] });
    expect(logger.lines).toEqual([
      expect.stringMatching(/^warn: WRN_KAUTH_META_TOO_MANY_ROLES: .*larger than 16777216 bytes/),
    ]);
  });

  it('on every database are one entry, however many databases other roles name', async () => {
    const databases = Array.from({ length: 1000 }, (_, index) => `db${String(index)}`);
    const permissions = {
      '': ['ReadData', 'WriteData'],
      ...Object.fromEntries(databases.map((name) => [name, ['ReadData']])),
    };
    const roles = Array.from({ length: 30 }, (_, index) => {
      return { name: `r${String(index)}`, permissions, users: ['ann'] };
    });
    const node = await standIn({ users: USERS });
    node.misbehave(answer(JSON.stringify({ roles })), { path: '/role' });
    const store = await openStore([node]);
    expect((await store.find('ann'))?.privileges).toEqual({
      '/api/ping': ['all'],
      '/api/write': ['write'],
      '/database': ['read', 'write'],
    });
  });

  it('on more databases than can be prepared make the user unavailable, and nobody else', async () => {
    const names = Array.from({ length: 100_001 }, (_, index) => [
      `d${String(index)}`,
      ['ReadData'],
    ]);
    const role = { name: 'r', permissions: Object.fromEntries(names) as object, users: ['ann'] };
    const node = await standIn({ users: USERS });
    node.misbehave(answer(JSON.stringify({ roles: [role] })), { path: '/role' });
    const store = await openStore([node]);
    await expect(store.find('ann')).rejects.toThrow('permissions on more than 100000 databases');
    expect(await store.find('bob')).toBeDefined();
  });
});
