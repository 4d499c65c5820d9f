import request from 'supertest';
import { authorizeApi, MemoryUserStore } from '../../../lib/index.js';
import { expresses } from '../../support/expresses.js';
import { bearer, SECRET } from '../../support/open-auth.js';
import { closeUsersApps, USERS, usersApp, V1 } from './users-app.js';

afterAll(closeUsersApps);

/** The text of the refusal of "none" at a user. */
const refusalOf = (name: string, more = ''): string =>
  `user none does not have "write" privilege for API endpoint "${V1}/${name}"${more}`;

describe.each(expresses)('a user may change its own password, on %s', (_name, express) => {
  const { app, auth } = usersApp({
    express,
    store: new MemoryUserStore(USERS),
    http: { sharedSecret: SECRET },
  });
  const patch = (name: string, body: unknown) =>
    request(app)
      .patch(`${V1}/${name}`)
      .send(typeof body === 'string' ? body : JSON.stringify(body));

  test.each(['none', 'writer', 'config'])('as %s, whatever its rights', async (name) => {
    const changes: unknown[] = [];
    auth.once('userChanged', ({ user, actor, fields }) => {
      changes.push({ user, actor, fields });
    });
    const answer = await patch(name, { password: 'new-pw' }).auth(name, 'pw');
    expect([answer.status, (answer.body as { name: string }).name]).toEqual([200, name]);
    expect(changes).toEqual([{ user: name, actor: name, fields: ['password'] }]);
    expect((await patch(name, { password: 'other' }).auth(name, 'pw')).status).toBe(401);
    expect((await patch(name, { password: 'pw' }).auth(name, 'new-pw')).status).toBe(200);
  });

  test.each<[string, unknown]>([
    ['none', { password: 'x', type: 'admin' }],
    ['none', { password: 'x', permissions: ['all'] }],
    ['none', { password: 'x', permissions: null }],
    ['none', { password: 'x', disabled: false }],
    ['none', { password: 'x', more: 1 }],
    ['none', { password: '' }],
    ['none', { password: 1 }],
    ['none', { Password: 'x' }],
    ['none', {}],
    ['none', []],
    ['none', '{"password":"x","password":"y"}'],
    ['none', 'no JSON'],
  ])('but not change %s by %j, and is told how', async (name, body) => {
    const { status, body: answer } = await patch(name, body).auth('none', 'pw');
    const message = refusalOf(
      name,
      '; with Basic credentials, a body of nothing but a new "password" changes your own',
    );
    expect({ status, answer }).toEqual({ status: 403, answer: { error: message, message } });
  });

  test.each(['writer', 'root', 'nobody'])('but not that of %s', async (name) => {
    const { status, body: answer } = await patch(name, { password: 'x' }).auth('none', 'pw');
    const message = refusalOf(name);
    expect({ status, answer }).toEqual({ status: 403, answer: { error: message, message } });
  });

  test('by Basic credentials only', async () => {
    const message = refusalOf(
      'none',
      '; Basic credentials are needed to change your own password, and a body of nothing but a new "password"',
    );
    for (const answer of [
      await patch('none?u=none&p=pw', { password: 'x' }),
      await patch('none', { password: 'x' }).set('Authorization', bearer('none')),
    ])
      expect([answer.status, answer.body]).toEqual([403, { error: message, message }]);
    const other = await patch('writer?u=none&p=pw', { password: 'x' });
    expect([other.status, other.body]).toEqual([
      403,
      { error: refusalOf('writer'), message: refusalOf('writer') },
    ]);
  });

  test('within the policy for passwords', async () => {
    const answer = await patch('none', { password: 'x'.repeat(73) }).auth('none', 'pw');
    expect(answer.status).toBe(400);
    expect((answer.body as { error: string }).error).toContain('72 bytes');
  });
});

describe.each(expresses)('nobody else changes it so, on %s', (_name, express) => {
  test('a session of the app with a wrong password beside it', async () => {
    const { app } = usersApp({
      express,
      before: (outer, auth) => {
        outer.use((incoming, _response, next) => {
          auth
            .find('none')
            .then((user) => {
              Object.assign(incoming, { user });
              next();
            })
            .catch(next);
        });
      },
    });
    const answer = await request(app)
      .patch(`${V1}/none`)
      .auth('none', 'wrong')
      .send('{"password":"x"}');
    expect(answer.status).toBe(403);
    const bare = await request(app).patch(`${V1}/none`).send('{"password":"x"}');
    expect(bare.status).toBe(403);
  });

  test.each([
    ['another password', { password: 'meanwhile' }],
    ['a lock', { disabled: true }],
  ])('an old password after %s came between', async (_what, between) => {
    const store = new MemoryUserStore(USERS);
    const update = store.update.bind(store);
    const { app, auth } = usersApp({ express, store });
    let isFirst = true;
    Object.assign(store, {
      update: async (...given: Parameters<MemoryUserStore['update']>) => {
        if (isFirst) {
          isFirst = false;
          await auth.users?.update('none', between);
        }
        return update(...given);
      },
    });
    const answer = await request(app)
      .patch(`${V1}/none`)
      .auth('none', 'pw')
      .send('{"password":"x"}');
    expect(answer.status).toBe(403);
    const login = { headers: {}, ip: '203.0.113.7', method: 'POST', url: '/' };
    await expect(auth.verify('none', 'x', login)).rejects.toThrow('authorization failed');
  });

  test('authorizeApi() before the API refuses it still: it sees no body', async () => {
    const { app } = usersApp({
      express,
      before: (outer, auth) => outer.use(auth, authorizeApi()),
    });
    const answer = await request(app)
      .patch(`${V1}/none`)
      .auth('none', 'pw')
      .send('{"password":"x"}');
    expect(answer.status).toBe(403);
  });
});
