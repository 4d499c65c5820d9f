import { StoreUnavailableError } from '../../../lib/errors.js';
import { answer } from '../../../fixtures/meta-stand-in/misbehaviours.js';
import type { Misbehaviour } from '../../../fixtures/meta-stand-in/misbehaviours.js';
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
      privileges: { '/api/ping': ['all'], '/database': ['read'], '/database/b': ['read'] },
    });
  });
});
