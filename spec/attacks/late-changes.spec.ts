import { join } from 'node:path';
import type { Express } from 'express';
import express from 'express';
import request from 'supertest';
import type { KapacitorAuth, UserStore } from '../../lib/index.js';
import { FileUserStore, MemoryUserStore, SqliteUserStore, usersApi } from '../../lib/index.js';
import { openAuth } from '../support/open-auth.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const V1 = '/kapacitor/v1/users';
const folder = temporaryFolder();
let made = 0;

function place(): string {
  made += 1;
  return join(folder, `users-${String(made)}`);
}

const stores: readonly (readonly [string, () => UserStore])[] = [
  ['memory', () => new MemoryUserStore()],
  ['a file', () => new FileUserStore(`${place()}.json`)],
  ['SQLite', () => new SqliteUserStore(`${place()}.db`)],
];

/** Passwords take long enough to hash for the maker of a change to be changed meanwhile. */
async function serving(store: UserStore): Promise<{
  app: Express;
  auth: KapacitorAuth;
  slow: KapacitorAuth;
}> {
  const auth = openAuth({ store, auth: { enabled: true, bcryptCost: 4 } });
  await auth.users?.create({ name: 'root', password: 'root-pw', type: 'admin' });
  await auth.users?.create({ name: 'eve', password: 'eve-pw', type: 'admin' });
  await auth.users?.create({ name: 'bob', password: 'bob-pw' });
  const slow = openAuth({ store, auth: { enabled: true, bcryptCost: 11 } });
  const app = express().use(usersApi(slow));
  // Remembered, so that nothing but the change itself takes time.
  await request(app).get(V1).auth('eve', 'eve-pw').expect(200);
  return { app, auth, slow };
}

describe.each(stores)('a change in %s', (_name, open) => {
  const password = 'a new password';
  const changes: readonly (readonly [string, (app: Express) => request.Test])[] = [
    [
      'a new admin',
      (app) => request(app).post(V1).send({ name: 'mallory', password, type: 'admin' }),
    ],
    ['a password', (app) => request(app).patch(`${V1}/bob`).send({ password })],
    ['a raise', (app) => request(app).patch(`${V1}/bob`).send({ password, type: 'admin' })],
  ];
  const losses: readonly (readonly [string, (auth: KapacitorAuth) => Promise<unknown>])[] = [
    ['deleted', async (auth) => auth.users?.delete('eve')],
    ['demoted', async (auth) => auth.users?.update('eve', { type: 'normal' })],
  ];
  const cases = changes.flatMap(([what, send]) =>
    losses.map(([loss, lose]) => [what, loss, send, lose] as const),
  );

  it.each(cases)(
    'that is %s is refused, if its maker was %s before it was made',
    async (_what, _loss, send, lose) => {
      const { app, auth, slow } = await serving(open());
      const before = await auth.users?.list();
      const authenticated = new Promise((resolve) => {
        slow.on('authenticated', resolve);
      });
      const answered = send(app)
        .auth('eve', 'eve-pw')
        .then(({ status }) => status);
      await authenticated;
      // Until the new password is being hashed.
      await new Promise((resolve) => setTimeout(resolve, 20));
      await lose(auth);
      expect(await answered).toBe(403);
      const others = (users: typeof before) => users?.filter(({ name }) => name !== 'eve');
      expect(others(await auth.users?.list())).toEqual(others(before));
      await request(app).get(`${V1}/bob`).auth('bob', password).expect(401);
    },
  );
});

it('the maker of a change may change and delete itself', async () => {
  const { app } = await serving(new MemoryUserStore());
  const send = { password: 'another', type: 'normal' };
  await request(app).patch(`${V1}/eve`).auth('eve', 'eve-pw').send(send).expect(200);
  await request(app).delete(`${V1}/eve`).auth('eve', 'another').expect(403);
  await request(app).delete(`${V1}/bob`).auth('root', 'root-pw').expect(204);
});
