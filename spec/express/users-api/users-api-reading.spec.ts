import type { Express } from 'express';
import request from 'supertest';
import { expresses } from '../../support/expresses.js';
import { until } from '../../support/until.js';
import { closeUsersApps, errorsOf, failure, postRaw, send, usersApp, V1 } from './users-app.js';

const LIMIT = 16 * 1024;
const TOO_LARGE = failure(413, 'the body is longer than 16384 bytes');

const emitWarning = jest.spyOn(process, 'emitWarning').mockReturnValue();

afterAll(closeUsersApps);

describe.each(expresses)('a body for the users API on %s', (_name, express) => {
  const { app } = usersApp({ express });

  describe('may be of 16 KiB', () => {
    const filled = (bytes: number) => {
      const [start, end] = ['{"name":"big","x":"', '"}'];
      return `${start}${'x'.repeat(bytes - start.length - end.length)}${end}`;
    };

    it('and not of a byte more', async () => {
      expect(await send(app, ['POST', V1, filled(LIMIT)])).toEqual(
        failure(400, 'password is required'),
      );
      expect(await send(app, ['POST', V1, filled(LIMIT + 1)])).toEqual(TOO_LARGE);
      expect(await send(app, ['PATCH', `${V1}/api`, filled(LIMIT * 8)])).toEqual(TOO_LARGE);
    });

    it('also when nobody says how long it will be', async () => {
      expect(
        await postRaw(app, (sent) => {
          for (let chunk = 0; chunk < 20; chunk++) sent.write('x'.repeat(1024));
          sent.end();
        }),
      ).toEqual(TOO_LARGE);
    });

    it('the answer waits for nothing where its length is told before', async () => {
      expect(
        await postRaw(app, (sent) => {
          sent.setHeader('Content-Length', LIMIT + 1).flushHeaders();
        }),
      ).toEqual(TOO_LARGE);
    });

    it('the answer does not wait for the rest', async () => {
      expect(
        await postRaw(app, (sent) => {
          sent.write('x'.repeat(LIMIT + 1));
        }),
      ).toEqual(TOO_LARGE);
    });
  });

  it('that ends early changes nothing', async () => {
    const answered = jest.fn();
    const { app: cut, auth: cutAuth } = usersApp({
      express,
      onError: (error, _incoming, response) => {
        answered(error.code, error.message);
        response.end();
      },
    });
    await postRaw(cut, (sent) => {
      // Once it has left: on a busy machine even the connection takes its time.
      sent.write('{"name":"new","password":"x"}', () => setTimeout(() => sent.destroy(), 20));
    }).catch(() => undefined);
    await until('the error is answered', () => answered.mock.calls.length > 0);
    expect(answered).toHaveBeenCalledWith('ERR_KAUTH_INVALID_REQUEST', 'the body ended early');
    expect(await cutAuth.users?.get('new')).toBeUndefined();
  });

  describe('that the app has read before', () => {
    const parsers: readonly (readonly [string, (outer: Express) => void, string])[] = [
      ['as JSON', (outer) => outer.use(express.json()), 'application/json'],
      ['as text', (outer) => outer.use(express.text({ type: '*/*' })), 'text/plain'],
      ['raw', (outer) => outer.use(express.raw({ type: '*/*' })), 'application/json'],
    ];

    it.each(parsers)('%s, is used', async (_how, before, type) => {
      const { app: parsing } = usersApp({ express, before });
      const post = (body: string) =>
        request(parsing).post(V1).auth('root', 'pw').set('Content-Type', type).send(body);
      expect((await post('{"name":"new","password":"x","type":"normal"}')).status).toBe(200);
      const respelled = await post('{"name":"n","password":"x","TYPE":"admin"}');
      expect(respelled.body).toHaveProperty('error', expect.stringContaining('unknown key "TYPE"'));
      expect((await post('["x"]')).status).toBe(400);
      expect((await post('')).body).toEqual(failure(400, 'invalid JSON').body);
    });

    it.each(parsers.slice(1))('%s, may have no key twice', async (_how, before, type) => {
      const { app: parsing } = usersApp({ express, before });
      const body = '{"name":"n","password":"x","type":"normal","type":"admin"}';
      const sent = request(parsing).post(V1).auth('root', 'pw').set('Content-Type', type);
      expect((await sent.send(body)).body).toEqual(
        failure(400, 'the key "type" is given twice').body,
      );
    });

    it('by a parser that leaves it alone, is read here', async () => {
      const { app: parsing } = usersApp({ express, before: (outer) => outer.use(express.json()) });
      const { status } = await send(parsing, ['POST', V1, { name: 'new', password: 'x' }]);
      expect(status).toBe(200);
    });

    it('as a form, is read as one', async () => {
      const { app: parsing, auth: parsingAuth } = usersApp({
        express,
        before: (outer) => outer.use(express.urlencoded({ extended: true })),
      });
      const form = 'name=new&password=x&permissions[]=api&__proto__[type]=admin';
      await request(parsing).post(V1).auth('root', 'pw').type('form').send(form).expect(200);
      expect(await parsingAuth.users?.get('new')).toEqual({
        name: 'new',
        type: 'normal',
        permissions: ['api'],
      });
    });

    it('and thrown away, is an error that says what to do', async () => {
      const { app: losing } = usersApp({
        express,
        before: (outer) =>
          outer.use((incoming, _response, next) => {
            incoming.resume().on('end', next);
          }),
      });
      const errors = errorsOf(losing);
      await send(losing, ['POST', V1, { name: 'new', password: 'x' }]);
      expect(errors).toEqual([
        expect.objectContaining({
          code: 'ERR_KAUTH_MISUSE',
          message: expect.stringContaining('put usersApi() before it') as unknown,
        }),
      ]);
    });
  });
});

it('told once that a body parser hides keys that are given twice', () => {
  const told = emitWarning.mock.calls.map(([, options]) => options);
  expect(told).toEqual([expect.objectContaining({ code: 'WRN_KAUTH_BODY_ALREADY_PARSED' })]);
});
