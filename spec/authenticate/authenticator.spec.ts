import { createServer } from 'node:http';
import request from 'supertest';
import type { KapacitorAuth, StoredUser, UserSource } from '../../lib/index.js';
import { answerError, KapacitorAuthError, MemoryUserStore } from '../../lib/index.js';
import type { BcryptRuns } from '../support/count-bcrypt.js';
import { basic, bearer, openAuth, people, SECRET } from '../support/open-auth.js';
import { until } from '../support/until.js';

jest.mock('bcrypt', () =>
  jest
    .requireActual<typeof import('../support/count-bcrypt.js')>('../support/count-bcrypt')
    .watchedBcrypt(),
);
const { runs } = jest.requireMock<{ runs: BcryptRuns }>('bcrypt');

beforeEach(() => {
  runs.forget();
});

describe('authenticating without Express', () => {
  it('answers at once for credentials that were verified before', async () => {
    const auth = openAuth();
    const incoming = { headers: { authorization: basic('amy', 'amy-pw') } };
    const first = auth.authenticate(incoming);
    expect(first).toBeInstanceOf(Promise);
    const user = await first;
    expect(auth.authenticate(incoming)).toBe(user);
    expect(runs.compared).toHaveLength(1);
  });

  it('serves node:http', async () => {
    const auth = openAuth({ realm: 'a "b" \\' });
    const server = createServer((incoming, response) => {
      Promise.resolve(auth.authenticate(incoming)).then(
        (user) => response.end(user.name),
        (error: unknown) => {
          if (error instanceof KapacitorAuthError) answerError(error, response);
          else response.destroy();
        },
      );
    });
    await request(server).get('/').auth('amy', 'amy-pw').expect(200, 'amy');
    const refused = await request(server).get('/').expect(401);
    expect(refused.headers['www-authenticate']).toBe(
      'Basic realm="a \\"b\\" \\\\", charset="UTF-8"',
    );
  });

  it('never takes the text of an unknown scheme for the credentials beside it', async () => {
    const auth = openAuth();
    const headers = { authorization: 'Digest x' };
    await auth.authenticate({ headers, url: '/?u=amy&p=amy-pw' });
    await expect(auth.authenticate({ headers, url: '/' })).rejects.toMatchObject({ status: 401 });
    await expect(auth.authenticate({ headers, url: '/?u=amy&p=wrong' })).rejects.toMatchObject({
      status: 401,
    });
  });

  it('refuses a token that expired since it was seen', async () => {
    const auth = openAuth({ http: { authEnabled: true, sharedSecret: SECRET } });
    const headers = { authorization: bearer('amy', 100) };
    await auth.authenticate({ headers });
    expect(auth.authenticate({ headers })).not.toBeInstanceOf(Promise);
    const late = Date.now() + 101_000;
    const now = jest.spyOn(Date, 'now').mockReturnValue(late);
    await expect(auth.authenticate({ headers })).rejects.toMatchObject({
      code: 'ERR_KAUTH_TOKEN_EXPIRED',
    });
    now.mockRestore();
  });
});

describe('a change of users counts for the very next request', () => {
  const cases: [string, (auth: KapacitorAuth) => Promise<unknown> | undefined, string, boolean][] =
    [
      [
        'a new password',
        (auth) => auth.users?.update('amy', { password: 'new-pw' }),
        'amy-pw',
        false,
      ],
      [
        'the new password',
        (auth) => auth.users?.update('amy', { password: 'new-pw' }),
        'new-pw',
        true,
      ],
      ['a deleted user', (auth) => auth.users?.delete('amy'), 'amy-pw', false],
      [
        'a user deleted and made again',
        async (auth) => {
          await auth.users?.delete('amy');
          await auth.users?.create({ name: 'amy', password: 'other-pw' });
        },
        'amy-pw',
        false,
      ],
    ];

  it.each(cases)('%s', async (_what, change, password, letIn) => {
    const auth = openAuth();
    const login = async (word: string) => {
      const headers = { authorization: basic('amy', word) };
      return Promise.resolve(auth.authenticate({ headers })).then(
        () => true,
        () => false,
      );
    };
    expect(await login('amy-pw')).toBe(true);
    expect(await login('amy-pw')).toBe(true);
    expect(await login('new-pw')).toBe(false);
    await change(auth);
    expect(await login(password)).toBe(letIn);
    expect(await login(password)).toBe(letIn);
  });

  it('a permission taken away', async () => {
    const auth = openAuth();
    const headers = { authorization: basic('amy', 'amy-pw') };
    expect((await auth.authenticate({ headers })).can('read', '/api/tasks')).toBe(true);
    await auth.users?.update('amy', { permissions: [] });
    expect((await auth.authenticate({ headers })).can('read', '/api/tasks')).toBe(false);
    expect(runs.compared).toHaveLength(1);
  });

  it('a user deleted whose token is still good', async () => {
    const auth = openAuth({ http: { authEnabled: true, sharedSecret: SECRET } });
    const headers = { authorization: bearer('amy') };
    await auth.authenticate({ headers });
    await auth.users?.delete('amy');
    await expect(auth.authenticate({ headers })).rejects.toMatchObject({
      message: 'authorization failed',
    });
  });
});

describe('a cheap hash', () => {
  it('is renewed at the next login, which does not wait for it', async () => {
    const store = new MemoryUserStore(people);
    const auth = openAuth({ store, auth: { enabled: true, bcryptCost: 5 } });
    const headers = { authorization: basic('amy', 'amy-pw') };
    await auth.authenticate({ headers });
    const cost = () => store.find('amy')?.hash.slice(4, 6);
    expect(cost()).toBe('04');
    await until('the hash is renewed', () => cost() !== '04');
    expect(cost()).toBe('05');
    await expect(auth.authenticate({ headers })).resolves.toMatchObject({ name: 'amy' });
    expect(runs.compared).toEqual([4]);
    expect(runs.hashed.filter((made) => made === 5)).toHaveLength(1);
  });

  it('does not fail a login where the store refuses the new one', async () => {
    class ReadOnly extends MemoryUserStore {
      override replaceHash(): Promise<boolean> {
        return Promise.reject(new Error('read-only'));
      }
    }
    const auth = openAuth({ store: new ReadOnly(people), auth: { enabled: true, bcryptCost: 5 } });
    const headers = { authorization: basic('amy', 'amy-pw') };
    await expect(auth.authenticate({ headers })).resolves.toMatchObject({ name: 'amy' });
  });
});

describe('a store that may be out of date', () => {
  it('is asked once more before a password is refused', async () => {
    const old = new MemoryUserStore([{ name: 'amy', password: 'old-pw' }]);
    const now = new MemoryUserStore([{ name: 'amy', password: 'new-pw' }]);
    await Promise.all([old.open(), now.open()]);
    const asked: (boolean | undefined)[] = [];
    const store: UserSource = {
      source: 'meta',
      mayBeStale: true,
      find: (name, options) => {
        asked.push(options?.fresh);
        return (options?.fresh === true ? now : old).find(name);
      },
    };
    const auth = openAuth({ store });
    const login = (word: string) =>
      Promise.resolve(auth.authenticate({ headers: { authorization: basic('amy', word) } }));
    await expect(login('old-pw')).resolves.toMatchObject({ source: 'meta' });
    await expect(login('new-pw')).resolves.toMatchObject({ name: 'amy' });
    expect(asked).toEqual([false, true]);
    await expect(login('old-pw')).rejects.toMatchObject({ status: 401 });
  });

  it('verifies passwords itself for users without a hash', async () => {
    const bob: StoredUser = { name: 'bob', type: 'normal', hash: '', permissions: [] };
    const verify = jest.fn((_name: string, password: string) => password === 'right');
    const auth = openAuth({ store: { source: 'meta', find: () => bob, verify } });
    const login = (word: string) =>
      Promise.resolve(auth.authenticate({ headers: { authorization: basic('bob', word) } }));
    await expect(login('wrong')).rejects.toMatchObject({ status: 401 });
    await expect(login('right')).resolves.toMatchObject({ name: 'bob' });
    await login('right');
    expect(verify.mock.calls).toEqual([
      ['bob', 'wrong'],
      ['bob', 'right'],
    ]);
  });
});
