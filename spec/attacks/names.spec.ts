import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import express from 'express';
import request from 'supertest';
import type { UserStore } from '../../lib/index.js';
import {
  authorizeApi,
  FileUserStore,
  kapacitorAuth,
  MemoryUserStore,
  SqliteUserStore,
  usersApi,
} from '../../lib/index.js';
import { listeningLogger } from '../support/listening-logger.js';
import { basic, SECRET } from '../support/open-auth.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const USERS = '/kapacitor/v1/users';
const folder = temporaryFolder();

const STORES: readonly (readonly [string, () => UserStore])[] = [
  ['memory', () => new MemoryUserStore()],
  ['a file', () => new FileUserStore(join(folder, 'users.json'))],
  ['SQLite', () => new SqliteUserStore(join(folder, 'users.db'))],
];

/** Names that anybody may have, and that careless programs take for something else or for each other. */
const STRANGE = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  'true',
  '0',
  '-1',
  '...',
  '-rf',
  '_sub',
  'root.',
  'Root',
  'ROOT',
  'r\u043e\u043et',
  'ｒｏｏｔ',
  // In normal form C, and what becomes of them in D: letters all the same.
  '\u00c5',
  '\u212b',
  '\uac00',
  '\u1100\u1161',
  'n'.repeat(255),
  '\u{1d400}'.repeat(63),
];

/** Names that nobody can have. */
const IMPOSSIBLE = [
  '',
  '.',
  '..',
  '~subscriber',
  '_sub:x',
  'a b',
  ' root',
  'root ',
  'a:b',
  'a/b',
  'a\\b',
  'a%2fb',
  'root\0',
  'root\n',
  'A\u030a',
  '\u200broot',
  'root\u202e',
  '\ufeffroot',
  '١',
  '*',
  "' OR 1=1 --",
  '\ud800',
  'n'.repeat(256),
  '\u{1d400}'.repeat(64),
  'n'.repeat(10_240),
];

const shown = (names: readonly string[]) => names.map((name) => [name.slice(0, 20), name] as const);

function bearer(username: string): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode({ alg: 'HS256' })}.${encode({ username, exp: Date.now() / 1000 + 60 })}`;
  return `Bearer ${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`;
}

describe.each(STORES)('in %s', (_where, make) => {
  const auth = kapacitorAuth({
    http: { authEnabled: true, sharedSecret: SECRET },
    auth: { enabled: true, bcryptCost: 4 },
    store: make(),
    // Every name is to be looked at, however many failed before it.
    throttle: { enabled: false },
    logger: listeningLogger(),
  });
  const app = express();
  app.use(usersApi(auth), auth);
  app.get('/whoami', (incoming, response) => {
    response.json({ name: incoming.user?.name });
  });
  app.use(authorizeApi());

  const send = (method: string, path: string, body?: object) => {
    const sent = request(app).get(path).auth('root', 'root-pw');
    sent.method = method;
    return body === undefined ? sent : sent.send(body);
  };
  const asWhom = async (authorization: string) => {
    const { status, body } = await request(app).get('/whoami').set({ authorization });
    return status === 200 ? (body as { name: string }).name : status;
  };
  const names = async () => (await auth.users?.list())?.map(({ name }) => name);

  beforeAll(async () => {
    await auth.users?.create({ name: 'root', password: 'root-pw', type: 'admin' });
  });

  afterAll(() => auth.close());

  it.each(shown(STRANGE))('%s is a name like any other', async (_shown, name) => {
    const path = `${USERS}/${encodeURIComponent(name)}`;
    await send('GET', path).expect(404);
    await expect(asWhom(basic(name, 'root-pw'))).resolves.toBe(401);
    await expect(asWhom(bearer(name))).resolves.toBe(401);

    await send('POST', USERS, { name, password: 'own-pw', permissions: ['api'] }).expect(200);
    await send('POST', USERS, { name, password: 'other-pw' }).expect(409);
    const { body } = await send('GET', path).expect(200);
    expect(body).toMatchObject({ name, type: 'normal', permissions: ['api'] });
    await expect(names()).resolves.toEqual(expect.arrayContaining([name, 'root']));
    await expect(asWhom(basic(name, 'own-pw'))).resolves.toBe(name);
    await expect(asWhom(bearer(name))).resolves.toBe(name);
    await expect(asWhom(basic(name, 'root-pw'))).resolves.toBe(401);
    await expect(asWhom(basic('root', 'own-pw'))).resolves.toBe(401);

    await send('PATCH', path, { password: 'new-pw' }).expect(200);
    await expect(asWhom(basic(name, 'own-pw'))).resolves.toBe(401);
    await expect(asWhom(basic(name, 'new-pw'))).resolves.toBe(name);

    await send('DELETE', path).expect(204);
    await expect(asWhom(basic(name, 'new-pw'))).resolves.toBe(401);
    await expect(asWhom(bearer(name))).resolves.toBe(401);
    await expect(names()).resolves.toEqual(['root']);
    await expect(asWhom(basic('root', 'root-pw'))).resolves.toBe('root');
  });

  it('keeps all of them apart at once', async () => {
    await Promise.all(
      STRANGE.map((name, index) => auth.users?.create({ name, password: `pw-${String(index)}` })),
    );
    for (const [index, name] of STRANGE.entries()) {
      await expect(asWhom(basic(name, `pw-${String(index)}`))).resolves.toBe(name);
      await expect(asWhom(basic(name, `pw-${String(index + 1)}`))).resolves.toBe(401);
    }
    await Promise.all(STRANGE.map((name) => auth.users?.delete(name)));
    await expect(names()).resolves.toEqual(['root']);
  });

  it.each(shown(IMPOSSIBLE))('%j is nobody, and nobody can be made of it', async (_shown, name) => {
    await send('POST', USERS, { name, password: 'own-pw' }).expect(400);
    await expect(auth.users?.create({ name, password: 'own-pw' })).rejects.toMatchObject({
      code: 'ERR_KAUTH_INVALID_REQUEST',
    });
    await expect(asWhom(basic(name, 'own-pw'))).resolves.toBe(401);
    await expect(asWhom(bearer(name))).resolves.toBe(401);
    if (name.isWellFormed() && !['', '.', '..'].includes(name)) {
      const path = `${USERS}/${encodeURIComponent(name)}`;
      const statuses = [
        (await send('GET', path)).status,
        (await send('PATCH', path, { password: 'x' })).status,
      ];
      expect([400, 404]).toEqual(expect.arrayContaining(statuses));
      expect([204, 400]).toContain((await send('DELETE', path)).status);
    }
    await expect(names()).resolves.toEqual(['root']);
  });
});
