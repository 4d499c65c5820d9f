import type { RequestHandler } from 'express';
import request from 'supertest';
import {
  authorizeApi,
  forwardAuth,
  judgeApiRequest,
  kapacitorAuth,
  MemoryUserStore,
  MisuseError,
  requireAdmin,
  requireDatabase,
  requirePermission,
  requirePrivilege,
  usersApi,
} from '../../lib/index.js';
import { expresses } from '../support/expresses.js';

/** As a caller without types calls it. */
function untyped(callee: unknown, ...given: readonly unknown[]): unknown {
  if (typeof callee !== 'function') throw new TypeError('no function');
  return Reflect.apply(callee, undefined, given);
}

const auth = kapacitorAuth({
  http: { authEnabled: true },
  auth: { enabled: true, bcryptCost: 4 },
  store: new MemoryUserStore([{ name: 'root', password: 'pw', type: 'admin' }]),
});
afterAll(() => auth.close());

const FACTORIES: readonly (readonly [string, unknown])[] = [
  ['kapacitorAuth()', kapacitorAuth],
  ['requireAdmin()', requireAdmin],
  ["requirePermission('api')", requirePermission],
  ["requirePrivilege('read', '/api/tasks')", requirePrivilege],
  ["requireDatabase('write')", requireDatabase],
  ['authorizeApi()', authorizeApi],
  ['usersApi(auth)', usersApi],
  ['forwardAuth(auth)', forwardAuth],
];

describe.each(expresses)('a handler without its parentheses on %s', (_name, express) => {
  it.each(FACTORIES)(
    '%s: the request fails at once, with the right form',
    async (form, factory) => {
      const app = express();
      const asHandler: RequestHandler = (...given) => untyped(factory, ...given);
      app.use(auth);
      app.get('/', asHandler, (_request, response) => void response.send('reached'));
      const { status, text } = await request(app).get('/').auth('root', 'pw');
      expect(status).toBe(500);
      expect(text).toContain('MisuseError');
      expect(text.replaceAll('&#39;', "'")).toContain(form);
    },
  );
});

describe('what can be given wrong', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['usersApi()', () => untyped(usersApi), /app\.use\(usersApi\(auth\)\)/],
    ['usersApi() of an app', () => untyped(usersApi, () => undefined), /usersApi takes what/],
    ['forwardAuth()', () => untyped(forwardAuth), /forwardAuth\(auth\)/],
    [
      'forwardAuth() with other options',
      () => untyped(forwardAuth, auth, { field: 'original' }),
      /fields, not "field"/,
    ],
    ['authorizeApi(auth)', () => untyped(authorizeApi, auth), /app\.use\(auth, authorizeApi\(\)\)/],
    [
      'authorizeApi() with other options',
      () => untyped(authorizeApi, { basepath: '/x' }),
      /basePath, caseSensitive, not "basepath"/,
    ],
    ['requireAdmin(name)', () => untyped(requireAdmin, 'root'), /takes nothing/],
    [
      'a path as a resource',
      () => requirePrivilege('read', '/kapacitor/v1/tasks'),
      /is the path of a request; its resource is "\/api\/tasks"/,
    ],
    [
      'a preview path as a resource',
      () => requirePrivilege('read', '/kapacitor/v1preview/tasks/cpu'),
      /"\/api\/tasks\/cpu"/,
    ],
    [
      'the API itself as a resource',
      () => requirePrivilege('read', '/kapacitor/v1'),
      /its resource is "\/api"/,
    ],
  ])('%s is told where it is made', (_what, make, text) => {
    expect(make).toThrow(MisuseError);
    expect(make).toThrow(text);
  });

  it('a privilege that does not exist, and a path as a resource, asked of a user', async () => {
    const root = await auth.find('root');
    expect(() => untyped(root?.can.bind(root), 'reed', '/api/tasks')).toThrow(
      /no privilege "reed"/,
    );
    expect(() => untyped(root?.canDatabase.bind(root), 'reed', 'x')).toThrow(MisuseError);
    expect(() => root?.can('read', '/kapacitor/v1/tasks')).toThrow(/"\/api\/tasks"/);
    expect(root?.can('read', '/kapacitor/v1x')).toBe(true);
  });

  it('a user that was not waited for, or is a copy', async () => {
    const promise = auth.find('root');
    const given = ['GET', '/kapacitor/v1/tasks'];
    expect(() => untyped(judgeApiRequest, promise, ...given)).toThrow(/await auth\.authenticate/);
    const copy: unknown = JSON.parse(JSON.stringify(await promise));
    for (const wrong of [copy, {}, null, undefined, 'root']) {
      expect(() => untyped(judgeApiRequest, wrong, ...given)).toThrow(MisuseError);
    }
  });

  it.each<[string, (users: NonNullable<typeof auth.users>) => Promise<unknown>, RegExp]>([
    [
      'users.create',
      (users) =>
        users.create(Object.assign({ name: 'amy', password: 'pw' }, { permission: ['api'] })),
      /no "permission", only name, password, hash, type, permissions/,
    ],
    [
      'users.update',
      (users) => users.update('root', Object.assign({ type: 'admin' as const }, { passwd: 'x' })),
      /no "passwd"/,
    ],
    [
      'users.create with arguments',
      async (users) => untyped(users.create.bind(users), 'amy', 'pw'),
      /users\.create\(\{ name, password, type, permissions, grants \}\): it takes an object, not a string/,
    ],
  ])('%s: a key that a user does not have is not left aside', async (_what, call, text) => {
    const { users } = auth;
    if (users === undefined) throw new Error('no users');
    await expect(call(users)).rejects.toThrow(MisuseError);
    await expect(call(users)).rejects.toThrow(text);
    expect(await users.get('amy')).toBeUndefined();
  });
});
