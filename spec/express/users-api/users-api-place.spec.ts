import { hashSync } from 'bcrypt';
import request from 'supertest';
import type { KapacitorAuth, StoredUser, UserStore } from '../../../lib/index.js';
import { authorizeApi, kapacitorAuth, usersApi } from '../../../lib/index.js';
import { MemoryUserStore } from '../../../lib/stores/memory-store.js';
import { expresses } from '../../support/expresses.js';

const V1 = '/kapacitor/v1/users';
const hash = hashSync('pw', 4);

/** A store that knows more than permissions say: `limited` may do all but with users. */
class PreciseStore extends MemoryUserStore implements UserStore {
  override find(name: string): StoredUser | undefined {
    const found = super.find(name);
    if (found === undefined || name !== 'limited') return found;
    return { ...found, privileges: { '/api': ['all'], '/svc': ['all'], '/api/users': ['none'] } };
  }
}

const made: KapacitorAuth[] = [];
afterAll(() => Promise.all(made.map((auth) => auth.close())));

function instance(): KapacitorAuth {
  const auth = kapacitorAuth({
    http: { authEnabled: true },
    auth: { enabled: true, bcryptCost: 4 },
    store: new PreciseStore([
      { name: 'root', hash, type: 'admin' },
      { name: 'api', hash, permissions: ['api'] },
      { name: 'limited', hash, permissions: ['api'] },
      { name: 'bob', hash },
    ]),
  });
  made.push(auth);
  return auth;
}

const ODD_NAMES = ['write', 'WRITE', 'kapacitor', 'config', 'storage', 'users', 'v1', 'ping'];

describe.each(expresses)('the users API on %s', (_name, express) => {
  describe.each(['', '/svc', '/write', '/kapacitor/v1', '/a/b'])('mounted at %j', (mount) => {
    it.each(ODD_NAMES)('manages a user named %s', async (name) => {
      const auth = instance();
      const app = express();
      app.use(mount === '' ? '/' : mount, usersApi(auth));
      const at = mount + V1;
      await request(app).post(at).auth('api', 'pw').send({ name, password: 'pw' }).expect(200);
      await request(app).get(`${at}/${name}`).auth('api', 'pw').expect(200);
      await request(app)
        .patch(`${at}/${name}`)
        .auth('api', 'pw')
        .send({ permissions: ['api'] })
        .expect(200);
      expect(await auth.users?.get(name)).toMatchObject({ permissions: ['api'] });
      await request(app).delete(`${at}/${name}`).auth('api', 'pw').expect(204);
      expect(await auth.users?.get(name)).toBeUndefined();
    });

    it('refuses who has no privilege on users, whatever is granted on the path above', async () => {
      const auth = instance();
      const app = express();
      app.use(mount === '' ? '/' : mount, usersApi(auth));
      for (const path of [V1, `${V1}/`, `${V1}?limit=1`, `${V1}/bob`, '/KAPACITOR/V1/Users/bob']) {
        const { status, body } = await request(app)
          .get(mount + path)
          .auth('limited', 'pw');
        expect({ path, status }).toEqual({ path, status: 403 });
        expect(body).toMatchObject({
          error: expect.stringMatching(
            /^user limited does not have "read" privilege for API endpoint "\/kapacitor\/v1\/users/,
          ) as unknown,
        });
      }
      await request(app).delete(`${mount}${V1}/bob`).auth('limited', 'pw').expect(403);
      expect(await auth.users?.get('bob')).toBeDefined();
    });
  });

  it('beside authorizeApi() of the app, both must allow a request', async () => {
    const auth = instance();
    const app = express();
    app.use(auth, authorizeApi(), usersApi(auth));
    await request(app).get(`${V1}/bob`).auth('api', 'pw').expect(200);
    await request(app).get(`${V1}/bob`).auth('limited', 'pw').expect(403);
  });
});
