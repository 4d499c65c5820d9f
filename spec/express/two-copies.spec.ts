import type { Express } from 'express';
import express from 'express';
import request from 'supertest';
import type * as Package from '../../lib/index.js';
import type { KapacitorAuth, KapacitorAuthOptions } from '../../lib/index.js';
import * as first from '../../lib/index.js';
import { basic } from '../support/open-auth.js';

/** Makes something by a second copy of the package, as two installs or a bundle bring it. */
function bySecond<Made>(make: (copy: typeof Package) => Made): Made {
  const made: Made[] = [];
  jest.isolateModules(() => {
    made.push(make(jest.requireActual<typeof Package>('../../lib/index.js')));
  });
  const [only] = made;
  if (only === undefined) throw new Error('nothing was made');
  return only;
}

const GRANTS = ['read,write:tasks/cpu_*', 'write:database/tele*', 'delete:tasks/old_*'];

const running: KapacitorAuth[] = [];

afterEach(() => Promise.all(running.splice(0).map((auth) => auth.close())));

function open(options: KapacitorAuthOptions = {}): KapacitorAuth {
  const auth = first.kapacitorAuth({
    ...options,
    auth: { bcryptCost: 4, ...options.auth },
    store: new first.MemoryUserStore([
      { name: 'root', password: 'root-password', type: 'admin' },
      { name: 'amy', password: 'amy-password', permissions: ['api'] },
      { name: 'bob', password: 'bob-password', grants: GRANTS },
    ]),
  });
  running.push(auth);
  return auth;
}

type Copy = typeof Package;

const PARTS: readonly (readonly [
  what: string,
  app: (copy: Copy, auth: KapacitorAuth) => Express,
])[] = [
  ['a guard', (copy, auth) => express().use(auth, copy.requireAdmin(), answer)],
  [
    'a guard of databases',
    (copy, auth) => express().use(auth, copy.requireDatabase('write'), answer),
  ],
  ['authorizeApi', (copy, auth) => express().use(auth, copy.authorizeApi(), answer)],
  ['forwardAuth', (copy, auth) => express().use(copy.forwardAuth(auth))],
  ['usersApi', (copy, auth) => express().use(copy.usersApi(auth))],
  ['adminPages', (copy, auth) => express().use(copy.adminPages(auth))],
];

/** All classes of errors that the package exports. */
const ERRORS = Object.keys(first).filter((name) => /^[A-Z].*Error$/.test(name));

function classOf(copy: Copy, name: string): { readonly prototype: object } & (() => void) {
  const type: unknown = Reflect.get(copy, name);
  if (!isClass(type)) throw new TypeError(`${name} is no class`);
  return type;
}

function isClass(value: unknown): value is { readonly prototype: object } & (() => void) {
  return typeof value === 'function';
}

const answer: express.RequestHandler = (incoming, response) => {
  response.json({ user: incoming.user?.name });
};

const LOGINS = [
  undefined,
  basic('root', 'root-password'),
  basic('amy', 'amy-password'),
  basic('bob', 'bob-password'),
  basic('amy', 'wrong'),
] as const;

const ASKED = [
  ['GET', '/kapacitor/v1/users'],
  ['GET', '/kapacitor/v1/users/nobody'],
  ['DELETE', '/kapacitor/v1/users/root'],
  ['GET', '/kapacitor/v1/config'],
  ['POST', '/write?db=a&db=b'],
  ['POST', '/kapacitor/v1/write?db=telegraf'],
  ['POST', '/kapacitor/v1/write?db=other&rp=x'],
  ['GET', '/kapacitor/v1/tasks/cpu_a'],
  ['GET', '/kapacitor/v1/tasks/mem_a'],
  ['PATCH', '/kapacitor/v1/tasks/cpu_a'],
  ['DELETE', '/kapacitor/v1/tasks/old_a'],
  ['GET', '/admin/login'],
  ['GET', '/admin/users'],
  ['GET', '/x/../y'],
] as const;

/** Asks an app for everything, and returns all that clients look at in its answers. */
async function answersOf(app: Express): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  for (const [method, path] of ASKED) {
    for (const login of LOGINS) {
      const sent = request(app).get(path);
      sent.method = method;
      sent.set({ 'X-Original-URI': path, 'X-Original-Method': method });
      if (login !== undefined) sent.set('Authorization', login);
      const { status, type, headers } = await sent;
      seen.push([method, path, login, status, type, headers['www-authenticate']]);
    }
  }
  for (const password of ['wrong', 'root-password']) {
    const { status, headers } = await request(app)
      .post('/admin/login')
      .set('Sec-Fetch-Site', 'same-origin')
      .type('form')
      .send({ username: 'root', password });
    seen.push([status, headers.location, headers['set-cookie'] === undefined]);
  }
  return seen;
}

describe('two copies of the package in one app', () => {
  it.each(PARTS)('answer alike: %s', async (_what, app) => {
    expect(bySecond((copy) => copy.kapacitorAuth)).not.toBe(first.kapacitorAuth);
    const expected = await answersOf(app(first, open()));
    expect(expected).toContainEqual(expect.arrayContaining([200]));
    expect(await answersOf(bySecond((copy) => app(copy, open())))).toEqual(expected);
  });

  it('call onError for a refusal of the other', async () => {
    const auth = open({
      onError: (error, _request, response) => {
        response.statusCode = 418;
        response.end(error.code);
      },
    });
    const app = bySecond((copy) => express().use(copy.forwardAuth(auth)));
    const asked = { 'X-Original-URI': '/kapacitor/v1/config', 'X-Original-Method': 'GET' };
    const { status, text } = await request(app).get('/').set(asked).buffer(true);
    expect([status, text]).toEqual([418, 'ERR_KAUTH_CREDENTIALS_MISSING']);
  });

  it('report a request once, if refusals are only reported', async () => {
    const auth = open({ auth: { enforce: 'report' } });
    const events: unknown[] = [];
    for (const name of ['rejected', 'forbidden'] as const) {
      auth.on(name, ({ code }) => events.push(code));
    }
    const app = bySecond((copy) =>
      express().use(auth, copy.requireAdmin(), first.requireAdmin(), answer),
    );
    await request(app).get('/').expect(200);
    await request(app).get('/').auth('amy', 'amy-password').expect(200);
    expect(events).toEqual(['ERR_KAUTH_CREDENTIALS_MISSING', 'ERR_KAUTH_FORBIDDEN']);
  });

  it('know the errors of each other by their classes', () => {
    const [error, misuse] = bySecond((copy): readonly unknown[] => [
      new copy.AuthenticationError('ERR_KAUTH_FAILED', 'x'),
      new copy.MisuseError('x'),
    ]);
    expect(error instanceof first.AuthenticationError).toBe(true);
    expect(error instanceof first.KapacitorAuthError).toBe(true);
    expect(error instanceof first.AuthorizationError).toBe(false);
    expect(misuse instanceof first.MisuseError).toBe(true);
  });

  it.each(ERRORS)('know an error of each other: %s', (name) => {
    // An object of that class, whatever its constructor takes.
    const error: unknown = bySecond((copy) => Object.create(classOf(copy, name).prototype));
    expect(error instanceof classOf(first, name)).toBe(true);
    const known = ERRORS.filter((other) => error instanceof classOf(first, other));
    const own: unknown = Object.create(classOf(first, name).prototype);
    expect(known).toEqual(ERRORS.filter((other) => own instanceof classOf(first, other)));
  });

  it.each([undefined, null, 'x', {}, new Error('x'), { code: 'ERR_KAUTH_FAILED', status: 401 }])(
    'take %j for no error of theirs',
    (value: unknown) => {
      expect(value instanceof first.KapacitorAuthError).toBe(false);
      expect(value instanceof first.AuthenticationError).toBe(false);
    },
  );
});
