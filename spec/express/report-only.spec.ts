import type { RequestListener } from 'node:http';
import request from 'supertest';
import type { ForbiddenEvent, KapacitorAuthOptions, RejectedEvent } from '../../lib/index.js';
import {
  adminPages,
  authorizeApi,
  ConfigError,
  forwardAuth,
  MemoryUserStore,
  requireAdmin,
  requireDatabase,
  usersApi,
} from '../../lib/index.js';
import { expresses } from '../support/expresses.js';
import { listeningLogger } from '../support/listening-logger.js';
import { basic, openAuth, people } from '../support/open-auth.js';

type Report = RejectedEvent | ForbiddenEvent;

function open(enforce: 'on' | 'report', options: KapacitorAuthOptions = {}) {
  const reports: Report[] = [];
  const auth = openAuth({
    auth: { enabled: true, bcryptCost: 4, enforce },
    logger: listeningLogger(),
    ...options,
  });
  const hear = (event: Report): void => void reports.push(event);
  auth.on('rejected', hear);
  auth.on('forbidden', hear);
  return { auth, reports };
}

const unusable = {
  find: () => Promise.reject(new Error('down')),
  close: () => Promise.resolve(),
};

describe.each(expresses)('refusals that are only reported, on %s', (_name, express) => {
  function appOf(enforce: 'on' | 'report', options?: KapacitorAuthOptions) {
    const { auth, reports } = open(enforce, options);
    const app = express();
    app.all('/asked', (asked, response, next) => {
      forwardAuth(auth)(asked, response, next);
    });
    app.use(auth);
    app.use(authorizeApi());
    app.get('/admin', requireAdmin());
    app.get('/twice', requireAdmin(), requireDatabase('write', 'db'));
    app.post('/write', requireDatabase('write'));
    app.use(usersApi(auth));
    app.use((_request, response) => {
      const { user } = response.req as { user?: { name: string } };
      response.json({ user: user?.name ?? null });
    });
    return { app: app as RequestListener, auth, reports };
  }

  interface Refusal {
    readonly method?: 'GET' | 'POST';
    readonly path: string;
    readonly authorization?: string;
    readonly options?: KapacitorAuthOptions;
    readonly status: number;
    readonly code: string;
    readonly user: string | null;
  }

  const amy = basic('amy', 'amy-pw');
  const REFUSALS: readonly (readonly [string, Refusal])[] = [
    [
      'no credentials',
      { path: '/x', status: 401, code: 'ERR_KAUTH_CREDENTIALS_MISSING', user: null },
    ],
    [
      'a wrong password',
      {
        path: '/x',
        authorization: basic('amy', 'wrong'),
        status: 401,
        code: 'ERR_KAUTH_FAILED',
        user: null,
      },
    ],
    [
      'an unknown user',
      {
        path: '/admin',
        authorization: basic('eve', 'pw'),
        status: 401,
        code: 'ERR_KAUTH_FAILED',
        user: null,
      },
    ],
    [
      'a missing privilege',
      {
        path: '/kapacitor/v1/config',
        authorization: amy,
        status: 403,
        code: 'ERR_KAUTH_FORBIDDEN',
        user: 'amy',
      },
    ],
    [
      'a guard',
      {
        path: '/admin',
        authorization: amy,
        status: 403,
        code: 'ERR_KAUTH_FORBIDDEN',
        user: 'amy',
      },
    ],
    [
      'two guards, counted once',
      {
        path: '/twice',
        authorization: amy,
        status: 403,
        code: 'ERR_KAUTH_FORBIDDEN',
        user: 'amy',
      },
    ],
    [
      'an ambiguous path',
      {
        path: '/kapacitor/v1/tasks%2Fx',
        authorization: amy,
        status: 400,
        code: 'ERR_KAUTH_AMBIGUOUS_PATH',
        user: 'amy',
      },
    ],
    [
      'a store that is down',
      {
        path: '/x',
        authorization: amy,
        options: { store: unusable },
        status: 503,
        code: 'ERR_KAUTH_STORE_UNAVAILABLE',
        user: null,
      },
    ],
  ];

  async function ask(app: RequestListener, { method = 'GET', path, authorization }: Refusal) {
    const asking = method === 'GET' ? request(app).get(path) : request(app).post(path);
    return authorization === undefined ? asking : asking.set('Authorization', authorization);
  }

  it.each(REFUSALS)('%s passes, and counts once', async (_what, refusal) => {
    const { app, auth, reports } = appOf('report', refusal.options);
    const { status, body } = (await ask(app, refusal)) as { status: number; body: unknown };
    expect({ status, body }).toEqual({ status: 200, body: { user: refusal.user } });
    expect(reports).toEqual([expect.objectContaining({ code: refusal.code, reported: true })]);
    const text = await auth.metrics.metrics();
    expect(text).toMatch(new RegExp(`^kapacitor_auth_reported_total.*${refusal.code}"} 1$`, 'm'));
    expect(text).toMatch(new RegExp(`^kapacitor_auth_requests_total.*${refusal.code}"} 0$`, 'm'));
  });

  it.each(REFUSALS)('%s is refused otherwise', async (_what, refusal) => {
    const { app, reports } = appOf('on', refusal.options);
    const { status } = await ask(app, refusal);
    expect(status).toBe(refusal.status);
    for (const report of reports) expect(report).not.toHaveProperty('reported');
  });

  it('lets through who is throttled, and says so', async () => {
    const { app, reports } = appOf('report', { throttle: { failuresPerUser: 2 } });
    for (const password of ['a', 'b', 'c', 'd']) {
      const answer = await request(app).get('/x').set('Authorization', basic('amy', password));
      expect(answer.status).toBe(200);
    }
    expect(reports.map(({ status }) => status)).toEqual([401, 401, 429, 429]);
  });

  it.each<[what: string, path: string, authorization: string | undefined, status: number]>([
    ['nobody', '/kapacitor/v1/users', undefined, 401],
    ['a wrong password', '/kapacitor/v1/users', basic('root', 'wrong'), 401],
    ['a user who may not', '/kapacitor/v1/users/root', basic('ann', 'ann-pw'), 403],
    ['an ambiguous path', '/kapacitor/v1/users/x%2Fy', basic('root', 'root-pw'), 400],
  ])('manages no users for %s', async (_what, path, authorization, status) => {
    const store = new MemoryUserStore([...people, { name: 'ann', password: 'ann-pw' }]);
    const { app, auth } = appOf('report', { store });
    const asking = request(app).delete(path);
    if (authorization !== undefined) asking.set('Authorization', authorization);
    expect((await asking).status).toBe(status);
    await auth.ready();
    expect(await auth.find('root')).toBeDefined();
  });

  it('answers a proxy as ever', async () => {
    const { app, reports } = appOf('report');
    const { status } = await request(app)
      .get('/asked')
      .set({ 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': '/kapacitor/v1/tasks' });
    expect(status).toBe(401);
    expect(reports[0]).not.toHaveProperty('reported');
  });

  it('shows its pages to nobody who has not logged in', async () => {
    const { auth } = open('report');
    const app = express();
    app.use(auth);
    app.use(adminPages(auth));
    const { status } = await request(app as RequestListener).get('/admin/users');
    expect([302, 303, 401]).toContain(status);
  });

  it('judges for node:http as ever', async () => {
    const { auth } = open('report');
    await expect(auth.authenticate({ headers: {}, url: '/' })).rejects.toMatchObject({
      status: 401,
    });
  });
});

it('is of no use where nobody is judged', () => {
  expect(() => open('report', { http: { authEnabled: false } })).toThrow(ConfigError);
});
