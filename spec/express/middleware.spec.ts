import request from 'supertest';
import type { KapacitorAuth, UserSource } from '../../lib/index.js';
import { authorizeApi, MemoryUserStore, requirePermission } from '../../lib/index.js';
import { ADMIN_USER } from '../../lib/index.js';
import type { BcryptRuns } from '../support/count-bcrypt.js';
import { expresses } from '../support/expresses.js';
import { listeningLogger } from '../support/listening-logger.js';
import { basic, bearer, openAuth, SECRET } from '../support/open-auth.js';

jest.mock('bcrypt', () =>
  jest
    .requireActual<typeof import('../support/count-bcrypt.js')>('../support/count-bcrypt')
    .watchedBcrypt(),
);
const { runs } = jest.requireMock<{ runs: BcryptRuns }>('bcrypt');

beforeEach(() => {
  runs.forget();
});

describe.each(expresses)('the middleware on %s', (_name, express) => {
  function appWith(auth: KapacitorAuth) {
    const app = express();
    app.use(auth);
    app.use((incoming, response) => {
      response.json(incoming.user ?? null);
    });
    return app;
  }

  it('resolves the user', async () => {
    const { body } = await request(appWith(openAuth())).get('/').auth('amy', 'amy-pw').expect(200);
    expect(body).toEqual({
      name: 'amy',
      type: 'normal',
      permissions: ['api'],
      privileges: { '/api': ['all'], '/api/config': ['none'], '/api/write': ['none'] },
      source: 'local',
    });
  });

  it('sets nothing on the request but the user', async () => {
    const app = express();
    let before: string[] = [];
    app.use((incoming, _response, next) => {
      before = Object.keys(incoming);
      next();
    });
    app.use(openAuth());
    app.use((incoming, response) => {
      response.json(Object.keys(incoming).filter((key) => !before.includes(key)));
    });
    await request(app).get('/').auth('amy', 'amy-pw').expect(200, ['user']);
  });

  it.each([
    ['no credentials', {}],
    ['a wrong password', { Authorization: basic('amy', 'x') }],
    ['an unknown name', { Authorization: basic('nobody', 'amy-pw') }],
    ['an unknown name in a token', { Authorization: bearer('nobody') }],
    ['a name that objects have', { Authorization: basic('__proto__', 'x') }],
    ['another name', { Authorization: basic('Amy', 'amy-pw') }],
    ['a prefix of the password', { Authorization: basic('amy', 'amy-p') }],
    ['more than the password', { Authorization: basic('amy', 'amy-pww') }],
  ])('answers %s with 401 and the challenge', async (_what, headers) => {
    const auth = openAuth({ http: { authEnabled: true, sharedSecret: SECRET } });
    const answer = await request(appWith(auth)).get('/').set(headers).expect(401);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'www-authenticate': 'Basic realm="kapacitor", charset="UTF-8", Bearer realm="kapacitor"',
    });
  });

  it('tells nobody whether a name exists', async () => {
    const app = appWith(openAuth());
    const unknown = await request(app).get('/').auth('nobody', 'x');
    const known = await request(app).get('/').auth('amy', 'x');
    expect(unknown.body).toEqual(known.body);
    const without = ({ headers }: request.Response) => ({ ...headers, date: undefined });
    expect(without(unknown)).toEqual(without(known));
  });

  it('keeps interleaved users apart', async () => {
    const users = Array.from({ length: 50 }, (_, index) => ({
      name: `user${String(index)}`,
      password: `pw${String(index)}`,
    }));
    const app = appWith(openAuth({ store: new MemoryUserStore(users) }));
    const server = app.listen(0);
    const answers = await Promise.all(
      [...users, ...users, ...users].map(async ({ name, password }) => {
        const { body } = await request(server).get('/').auth(name, password);
        return [name, (body as { name: string }).name];
      }),
    );
    server.close();
    for (const [asked, answered] of answers) expect(answered).toBe(asked);
    expect(runs.compared).toHaveLength(50);
  });

  it('lets a CORS preflight pass without a user, and nothing that merely resembles one', async () => {
    const app = appWith(openAuth());
    const preflight = { Origin: 'http://app', 'Access-Control-Request-Method': 'GET' };
    const { body } = await request(app).options('/').set(preflight).expect(200);
    expect(body).toBeNull();
    await request(app).options('/').set('Origin', 'http://app').expect(401);
    await request(app).get('/').set(preflight).expect(401);
    await request(app)
      .options('/')
      .set({ ...preflight, Authorization: basic('amy', 'x') })
      .expect(401);
  });

  it('works mounted on a path and on a router', async () => {
    const auth = openAuth();
    const app = express();
    const router = express.Router();
    router.use(auth);
    router.get('/in', (incoming, response) => {
      response.json({ name: incoming.user?.name });
    });
    app.use('/area', router);
    app.get('/out', (incoming, response) => {
      response.json({ name: incoming.user?.name ?? null });
    });
    await request(app).get('/area/in').expect(401);
    await request(app).get('/area/in').auth('amy', 'amy-pw').expect(200, { name: 'amy' });
    await request(app).get('/area/in?u=amy&p=amy-pw').expect(200, { name: 'amy' });
    await request(app).get('/out').expect(200, { name: null });
  });

  it('is as if it were absent, for an administrator, when nothing is enforced', async () => {
    const logger = listeningLogger();
    const auth = openAuth({ http: { authEnabled: false }, logger });
    const { body } = await request(appWith(auth)).get('/').expect(200);
    expect(body).toMatchObject({ name: 'ADMIN_USER', source: 'disabled' });
    expect(auth.authenticate({ headers: {} })).toBe(ADMIN_USER);
    openAuth({ http: { authEnabled: false }, logger });
    const warnings = logger.lines.filter((line) => line.includes('WRN_KAUTH_AUTH_DISABLED'));
    expect(warnings).toHaveLength(1);
  });

  it('lets the app answer its own way, what guards refuse too', async () => {
    const auth = openAuth({
      onError: (error, _request, response) => {
        response.statusCode = error.status;
        response.end(`own answer: ${error.code}`);
      },
    });
    const app = express();
    app.use(auth, authorizeApi());
    app.get('/secret', requirePermission('config_api'));
    await request(app).get('/').expect(401, 'own answer: ERR_KAUTH_CREDENTIALS_MISSING');
    await request(app)
      .get('/secret')
      .auth('amy', 'amy-pw')
      .expect(403, 'own answer: ERR_KAUTH_FORBIDDEN');
  });

  it('challenges nobody, or some, where the app says so', async () => {
    const never = appWith(openAuth({ challenge: false }));
    expect((await request(never).get('/').expect(401)).headers).not.toHaveProperty(
      'www-authenticate',
    );
    const some = appWith(
      openAuth({ challenge: ({ headers }) => headers['x-requested-with'] === undefined }),
    );
    expect((await request(some).get('/')).headers).toHaveProperty('www-authenticate');
    expect(
      (await request(some).get('/').set('X-Requested-With', 'XMLHttpRequest')).headers,
    ).not.toHaveProperty('www-authenticate');
  });

  it('is unavailable, not open and not refusing, when its store is', async () => {
    const logger = listeningLogger();
    const store: UserSource = { find: () => Promise.reject(new Error('amy-pw')) };
    const app = appWith(openAuth({ store, logger }));
    const answer = await request(app).get('/').auth('amy', 'amy-pw').expect(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.headers['www-authenticate']).toBeUndefined();
    expect(answer.body).toEqual({
      error: 'the user store is unavailable, try again later',
      message: 'the user store is unavailable, try again later',
    });
    expect(logger.lines.join()).not.toContain('amy-pw');
  });

  it('works as a passport strategy, alone and in a list', async () => {
    const auth = openAuth();
    const app = express();
    const middleware = auth.passport.authenticate('kapacitor', {
      session: false,
    });
    app.get('/alone', middleware, (incoming, response) => {
      response.json({ name: incoming.user?.name });
    });
    auth.passport.use('anonymous', {
      authenticate() {
        (this as unknown as { success(user: object): void }).success({ name: 'guest' });
      },
    } as never);
    app.get(
      '/list',
      auth.passport.authenticate(['kapacitor', 'anonymous'], { session: false }),
      (incoming, response) => {
        response.json({ name: incoming.user?.name });
      },
    );
    await request(app).get('/alone').auth('amy', 'amy-pw').expect(200, { name: 'amy' });
    const refused = await request(app).get('/alone').auth('amy', 'x').expect(401);
    expect(refused.headers['www-authenticate']).toBe('Basic realm="kapacitor", charset="UTF-8"');
    await request(app).get('/list').auth('amy', 'amy-pw').expect(200, { name: 'amy' });
    await request(app).get('/list').auth('amy', 'x').expect(200, { name: 'guest' });
  });
});
