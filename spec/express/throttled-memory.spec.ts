import type { Express } from 'express';
import request from 'supertest';
import type { KapacitorAuth, KapacitorAuthOptions } from '../../lib/index.js';
import { expresses } from '../support/expresses.js';
import { basic, bearer, openAuth, SECRET } from '../support/open-auth.js';
import { steadyClock } from '../support/steady-clock.js';

const clock = steadyClock();
const HERE = '203.0.113.7';
const ELSEWHERE = '198.51.100.8';

describe.each(expresses)(
  'a remembered password on %s, while logins are refused,',
  (_name, express) => {
    /** An app behind a proxy on this machine. */
    function open(options: KapacitorAuthOptions = {}): { auth: KapacitorAuth; app: Express } {
      const auth = openAuth(options);
      const app = express();
      app.set('trust proxy', 'loopback');
      app.use(auth, (incoming, response) => {
        response.json(incoming.user?.name ?? null);
      });
      return { auth, app };
    }

    const login = (app: Express, name: string, password: string, from = HERE) =>
      request(app).get('/').auth(name, password).set('X-Forwarded-For', from);

    async function fail(app: Express, name: string, times: number): Promise<void> {
      for (let guess = 0; guess < times; guess += 1) {
        await login(app, name, `guess ${String(guess)}`).expect(401);
      }
    }

    const inHeader = (app: Express, password: string, from = HERE) =>
      login(app, 'amy', password, from);
    const inQuery = (app: Express, password: string, from = HERE) =>
      request(app).get(`/?u=amy&p=${password}`).set('X-Forwarded-For', from);
    const otherwiseSpelt = (app: Express, password: string, from = HERE) =>
      request(app)
        .get('/')
        .set('Authorization', basic('amy', password).replace('Basic', 'bASIC'))
        .set('X-Forwarded-For', from);
    const ways = [
      ['a header', inHeader],
      ['a query', inQuery],
      ['another spelling of the header', otherwiseSpelt],
    ] as const;

    it.each(ways)('is answered as a wrong one, in %s', async (_way, ask) => {
      const { app } = open();
      await ask(app, 'amy-pw').expect(200, '"amy"');
      await fail(app, 'amy', 10);
      const [right, wrong] = [await ask(app, 'amy-pw'), await ask(app, 'amy-wrong')];
      expect([right.status, wrong.status]).toEqual([429, 429]);
      expect(right.body).toEqual(wrong.body);
      expect(Object.keys(right.headers)).toEqual(Object.keys(wrong.headers));
      // Nothing of it reaches those who are elsewhere.
      await ask(app, 'amy-pw', ELSEWHERE).expect(200, '"amy"');
      clock.pass(60_001);
      await ask(app, 'amy-pw').expect(200, '"amy"');
    });

    it('is held back as long', async () => {
      const { app } = open();
      await login(app, 'amy', 'amy-pw').expect(200);
      await fail(app, 'amy', 10);
      const order: string[] = [];
      const refused = login(app, 'amy', 'amy-pw').then(() => order.push('refused'));
      await login(app, 'root', 'root-pw', ELSEWHERE).expect(200);
      order.push('let in');
      await refused;
      expect(order).toEqual(['let in', 'refused']);
    });

    it('is answered alike if others at its address failed', async () => {
      const { app } = open({ throttle: { failuresPerAddress: 5 } });
      await login(app, 'amy', 'amy-pw').expect(200);
      await fail(app, 'nobody', 5);
      for (const password of ['amy-pw', 'wrong']) await login(app, 'amy', password).expect(429);
      await login(app, 'amy', 'amy-pw', ELSEWHERE).expect(200);
    });

    it('is no token: nobody can guess those', async () => {
      const { app } = open({ http: { authEnabled: true, sharedSecret: SECRET } });
      const withToken = () =>
        request(app)
          .get('/')
          .set('Authorization', bearer('amy'))
          .set('X-Forwarded-For', HERE)
          .expect(200, '"amy"');
      await withToken();
      await fail(app, 'amy', 10);
      await withToken();
    });

    it('is answered alike through passport', async () => {
      const { passport } = openAuth({ throttle: { failuresPerUser: 2 } });
      const app = express();
      app.use(passport.authenticate('kapacitor', { session: false }), (incoming, response) => {
        response.json(incoming.user?.name);
      });
      const ask = (password: string) => request(app).get('/').auth('amy', password);
      await ask('amy-pw').expect(200, '"amy"');
      for (const password of ['x', 'y']) await ask(password).expect(401);
      for (const password of ['amy-pw', 'z']) await ask(password).expect(429);
    });

    it('is refused where too many wait for bcrypt', async () => {
      const { auth, app } = open({ auth: { bcryptCost: 4 }, throttle: { enabled: false } });
      await login(app, 'amy', 'amy-pw').expect(200);
      const flood = Array.from({ length: 600 }, (_, index) =>
        Promise.resolve(
          auth.authenticate({ headers: { authorization: basic('root', String(index)) }, ip: HERE }),
        ).catch(() => undefined),
      );
      await new Promise(setImmediate);
      const tried = ['amy-pw', 'wrong'].flatMap((password) =>
        [HERE, ELSEWHERE].map(async (ip) =>
          Promise.resolve(
            auth.authenticate({ headers: { authorization: basic('amy', password) }, ip }),
          ).then(
            ({ name }) => name,
            (error: unknown) => error,
          ),
        ),
      );
      const overloaded = expect.objectContaining({ code: 'ERR_KAUTH_OVERLOADED' }) as unknown;
      const failed = expect.objectContaining({ code: 'ERR_KAUTH_FAILED' }) as unknown;
      expect(await Promise.all(tried)).toEqual([overloaded, 'amy', overloaded, failed]);
      await Promise.all(flood);
      await login(app, 'amy', 'amy-pw').expect(200);
    });
  },
);
