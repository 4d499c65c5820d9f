import type { Express } from 'express';
import request from 'supertest';
import type { KapacitorAuth, KapacitorAuthOptions, UserSource } from '../../lib/index.js';
import { MemoryUserStore, usersApi } from '../../lib/index.js';
import type { BcryptRuns } from '../support/count-bcrypt.js';
import { expresses } from '../support/expresses.js';
import { listeningLogger } from '../support/listening-logger.js';
import { basic, bearer, openAuth, people, SECRET } from '../support/open-auth.js';
import { steadyClock } from '../support/steady-clock.js';

jest.mock('bcrypt', () =>
  jest
    .requireActual<typeof import('../support/count-bcrypt.js')>('../support/count-bcrypt')
    .watchedBcrypt(),
);
const { runs } = jest.requireMock<{ runs: BcryptRuns }>('bcrypt');

beforeEach(() => {
  runs.forget();
});

const clock = steadyClock();
const HERE = '203.0.113.7';
const ELSEWHERE = '198.51.100.8';

describe.each(expresses)('failed logins on %s', (_name, express) => {
  /** An app behind a proxy on this machine. */
  function appWith(auth: KapacitorAuth): Express {
    const app = express();
    app.set('trust proxy', 'loopback');
    app.use(auth);
    app.use((incoming, response) => {
      response.json(incoming.user?.name ?? null);
    });
    return app;
  }

  function open(options: KapacitorAuthOptions = {}): { auth: KapacitorAuth; app: Express } {
    const auth = openAuth(options);
    return { auth, app: appWith(auth) };
  }

  const login = (app: Express, name: string, password: string, from = HERE) =>
    request(app).get('/').auth(name, password).set('X-Forwarded-For', from);

  let guesses = 0;

  /** Guesses that nobody made before. */
  async function fail(app: Express, name: string, times: number, from = HERE): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      guesses += 1;
      await login(app, name, `guess ${String(guesses)}`, from).expect(401);
    }
  }

  it('of a user from an address are refused after ten in a minute', async () => {
    const { app } = open();
    await fail(app, 'amy', 10);
    const refused = await login(app, 'amy', 'another').expect(429);
    const seconds = Number(refused.headers['retry-after']);
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);
    const text = `too many failed logins, try again in ${String(seconds)} s`;
    expect(refused.body).toEqual({ error: text, message: text });
    expect(refused.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(refused.headers).not.toHaveProperty('www-authenticate');
  });

  it('are refused so late that a client which tries again at once holds up nobody', async () => {
    const { app } = open();
    await fail(app, 'amy', 10);
    const order: string[] = [];
    const refused = login(app, 'amy', 'another').then(() => order.push('refused'));
    await login(app, 'root', 'root-pw', ELSEWHERE).expect(200);
    order.push('let in');
    await refused;
    expect(order).toEqual(['let in', 'refused']);
  });

  it('say nothing of whether a name exists', async () => {
    const { app } = open();
    const answers = await Promise.all(
      ['amy', 'nobody'].map(async (name) => {
        await fail(app, name, 10);
        const { status, body } = await login(app, name, 'another');
        return { status, text: JSON.stringify(body).replace(/\d+ s/g, 'N s') };
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
  });

  it('too many of them cost neither bcrypt nor a look-up, with the right password too', async () => {
    const known = new MemoryUserStore(people);
    await known.open();
    const asked: string[] = [];
    const store: UserSource = {
      find: (name) => {
        asked.push(name);
        return known.find(name);
      },
    };
    const { app } = open({ store });
    await fail(app, 'nobody', 10);
    const before = [runs.compared.length, asked.length];
    for (const password of ['guess 1', 'another', 'amy-pw']) {
      await login(app, 'nobody', password).expect(429);
      await request(app).get(`/?u=nobody&p=${password}`).set('X-Forwarded-For', HERE).expect(429);
    }
    expect([runs.compared.length, asked.length]).toEqual(before);
  });

  it('count until the window is over', async () => {
    const { app } = open({ throttle: { window: '10m' } });
    await fail(app, 'amy', 10);
    clock.pass(599_000);
    await login(app, 'amy', 'amy-pw').expect(429);
    clock.pass(1_001);
    await login(app, 'amy', 'amy-pw').expect(200, '"amy"');
  });

  it('are forgotten at a right password, those of the user from that address', async () => {
    const { app } = open();
    await fail(app, 'amy', 9);
    await login(app, 'amy', 'amy-pw').expect(200);
    await fail(app, 'amy', 10);
    await login(app, 'amy', 'another').expect(429);
  });

  it('of a stranger lock nobody out elsewhere, nor others at the same address', async () => {
    const { app } = open();
    await fail(app, 'amy', 10);
    await login(app, 'amy', 'amy-pw', ELSEWHERE).expect(200, '"amy"');
    await login(app, 'root', 'root-pw').expect(200, '"root"');
  });

  it('from one address are refused after a hundred in a minute, whatever the names', async () => {
    const { app } = open();
    for (let user = 0; user < 100; user += 1) await fail(app, `user ${String(user)}`, 1);
    await login(app, 'amy', 'amy-pw').expect(429);
    await login(app, 'amy', 'amy-pw', ELSEWHERE).expect(200);
  });

  it('from one address are not forgotten at a right password: who has one could guess others', async () => {
    const { app } = open({ throttle: { failuresPerAddress: 5 } });
    await fail(app, 'amy', 4);
    await login(app, 'root', 'root-pw').expect(200);
    await fail(app, 'amy', 1);
    await login(app, 'amy', 'another').expect(429);
  });

  it.each([
    ['any address of a /64', '2001:db8:1:2::1', '2001:db8:1:2:ffff::9', 429],
    ['another /64', '2001:db8:1:2::1', '2001:db8:1:3::1', 401],
    ['the same address written as IPv6', HERE, `::ffff:${HERE}`, 429],
  ])('count for %s', async (_what, one, other, status) => {
    const { app } = open();
    await fail(app, 'amy', 10, one);
    await login(app, 'amy', 'another', other).expect(status);
  });

  it.each([
    [{ failuresPerUser: 0 }, 100],
    [{ failuresPerAddress: 0, failuresPerUser: 12 }, 12],
  ])('are limited by the other limit with %j', async (throttle, failures) => {
    const { app } = open({ throttle });
    await fail(app, 'amy', failures);
    await login(app, 'amy', 'another').expect(429);
  });

  it.each([{ enabled: false }, { failuresPerUser: 0, failuresPerAddress: 0 }])(
    'are not limited with %j',
    async (throttle) => {
      const { app } = open({ throttle });
      await fail(app, 'amy', 120);
      await login(app, 'amy', 'amy-pw').expect(200);
    },
  );

  it.each([
    ['tokens', { Authorization: bearer('nobody') }],
    ['headers that can’t be read', { Authorization: 'Basic ?' }],
    ['requests without a name', { Authorization: basic('', 'x') }],
    ['requests without credentials', {}],
  ])('are none where no password was judged: %s', async (_what, headers) => {
    const { app } = open({
      http: { authEnabled: true, sharedSecret: SECRET },
      throttle: { failuresPerAddress: 5 },
    });
    for (let time = 0; time < 10; time += 1) {
      await request(app).get('/').set(headers).set('X-Forwarded-For', HERE).expect(401);
    }
    await login(app, 'amy', 'amy-pw').expect(200);
  });

  it('are answered in the app’s own way', async () => {
    const { app } = open({
      throttle: { failuresPerUser: 1 },
      onError: (error, _request, response) => {
        response.statusCode = 418;
        response.end(`${error.code} ${String(error.headers['Retry-After'])}`);
      },
    });
    await login(app, 'amy', 'wrong').expect(418, /^ERR_KAUTH_FAILED/);
    await login(app, 'amy', 'amy-pw').expect(418, /^ERR_KAUTH_THROTTLED \d+$/);
  });

  it('are no reason to let anyone through where credentials are optional', async () => {
    const { app } = open({ optional: true, throttle: { failuresPerUser: 1 } });
    await fail(app, 'amy', 1);
    await login(app, 'amy', 'amy-pw').expect(429);
  });

  it('are refused by the users API', async () => {
    const app = express();
    app.use(usersApi(openAuth({ throttle: { failuresPerUser: 1 } })));
    const list = (password: string) =>
      request(app).get('/kapacitor/v1/users').auth('root', password);
    await list('wrong').expect(401);
    const { headers } = await list('root-pw').expect(429);
    expect(headers['retry-after']).toMatch(/^\d+$/);
  });

  it('are refused by passport, which goes on to no other strategy', async () => {
    const app = express();
    const { passport } = openAuth({ throttle: { failuresPerUser: 1 } });
    app.use(passport.authenticate('kapacitor', { session: false }));
    app.get('/', ({ user }, response) => {
      response.json(user?.name);
    });
    const ask = (password: string) => request(app).get('/').auth('amy', password);
    await ask('wrong').expect(401);
    const { headers } = await ask('amy-pw').expect(429);
    expect(headers['retry-after']).toMatch(/^\d+$/);
    await request(app).get('/').auth('root', 'root-pw').expect(200, '"root"');
  });

  describe('behind a proxy', () => {
    const told = (lines: readonly string[]) =>
      lines.filter((line) => line.includes('WRN_KAUTH_PROXY_NOT_TRUSTED'));

    function appTrusting(trust: boolean | string): { app: Express; lines: readonly string[] } {
      const logger = listeningLogger();
      const app = appWith(openAuth({ logger }));
      app.set('trust proxy', trust);
      return { app, lines: logger.lines };
    }

    it('that Express does not trust are warned of once, with its address', async () => {
      const { app, lines } = appTrusting(false);
      await login(app, 'amy', 'amy-pw', HERE).expect(200);
      await login(app, 'root', 'root-pw', ELSEWHERE).expect(200);
      expect(told(lines)).toHaveLength(1);
      expect(told(lines)[0]).toMatch(
        /^warn \S+: a request came with X-Forwarded-For from (::ffff:)?127/,
      );
      await fail(app, 'amy', 10, HERE);
      await login(app, 'amy', 'another', ELSEWHERE).expect(429);
    });

    it.each([true, 'loopback'])('with trust proxy %j they are not', async (trust) => {
      const { app, lines } = appTrusting(trust);
      await login(app, 'amy', 'amy-pw', HERE).expect(200);
      expect(told(lines)).toEqual([]);
    });

    it('nor where there is none', async () => {
      const { app, lines } = appTrusting(false);
      await request(app).get('/').auth('amy', 'amy-pw').expect(200);
      expect(told(lines)).toEqual([]);
    });
  });
});
