import { setImmediate as turnOfOthers } from 'node:timers/promises';
import express from 'express';
import request from 'supertest';
import { MemoryUserStore, usersApi } from '../../lib/index.js';
import { listeningLogger } from '../support/listening-logger.js';
import { openAuth, people } from '../support/open-auth.js';
import type { StoreMethod } from './stuck-store.js';
import { stuckStore } from './stuck-store.js';

const USERS = '/kapacitor/v1/users';
const ZOE = { name: 'zoe', password: 'x' };

type Fault = () => Promise<never>;
const hangs: Fault = () => new Promise<never>(() => undefined);
const rejects: Fault = () => Promise.reject(new Error('s3cret'));
const throws: Fault = () => {
  throw new Error('s3cret');
};

/** The purpose of each method. */
const NEEDED: readonly [StoreMethod, method: string, path: string, body: object | undefined][] = [
  ['open', 'GET', '/', undefined],
  ['find', 'GET', '/', undefined],
  ['find', 'GET', `${USERS}/amy`, undefined],
  ['list', 'GET', USERS, undefined],
  ['create', 'POST', USERS, ZOE],
  ['update', 'PATCH', `${USERS}/amy`, { permissions: [] }],
  ['update', 'PATCH', `${USERS}/amy`, { password: 'x' }],
  ['delete', 'DELETE', `${USERS}/amy`, undefined],
];

/** An app whose store has a fault from when it is told to until it is told otherwise. */
function appWithFault() {
  let fault: readonly [StoreMethod, Fault] | undefined;
  let isReached = false;
  const store = stuckStore(new MemoryUserStore(people), (method) => {
    if (fault?.[0] !== method) return undefined;
    isReached = true;
    return fault[1]();
  });
  const logger = listeningLogger();
  const auth = openAuth({ store, logger });
  const errors: unknown[] = [];
  const fail: express.ErrorRequestHandler = (error, _request, response, _next) => {
    errors.push(error);
    response.status(500).end();
  };
  const app = express()
    .use(auth, usersApi(auth))
    .get('/', (incoming, response) => {
      response.json({ name: incoming.user?.name });
    })
    .use(fail);
  const send = async (method: string, path: string, body?: object, name = 'root') => {
    const sent = request(app).get(path).auth(name, `${name}-pw`);
    sent.method = method;
    let answer: request.Response | undefined;
    const answered = (body === undefined ? sent : sent.send(body)).then((got) => (answer = got));
    for (let waited = 0; answer === undefined;) {
      await turnOfOthers();
      // The time of timers passes while the store keeps us waiting, for a minute; that of the world, which bcrypt takes, by itself.
      if (!isReached || waited >= 60_000) continue;
      await jest.advanceTimersByTimeAsync(250);
      waited += 250;
    }
    return answered;
  };
  const setFault = (now?: typeof fault) => {
    fault = now;
    isReached = false;
  };
  return { send, logger, errors, setFault, ready: () => auth.ready() };
}

beforeEach(() => {
  jest.useFakeTimers({
    doNotFake: ['Date', 'performance', 'hrtime', 'nextTick', 'queueMicrotask', 'setImmediate'],
  });
});

afterEach(() => {
  jest.useRealTimers();
});

describe.each([
  ['hangs', hangs],
  ['rejects', rejects],
  ['throws', throws],
])('a store whose method %s', (_how, how) => {
  it.each(NEEDED)(
    '%s: %s %s is unavailable meanwhile, and answered once it is over',
    async (stuck, method, path, body) => {
      const { send, logger, errors, setFault, ready } = appWithFault();
      if (stuck !== 'open') await ready();
      if (path !== '/') await send('GET', '/');
      setFault([stuck, how]);
      const answer = await send(method, path, body);
      expect(answer.status).toBe(503);
      expect(answer.headers).toHaveProperty('retry-after');
      expect(answer.body).toHaveProperty('error', 'the user store is unavailable, try again later');
      expect(errors).toEqual([]);
      expect(logger.lines.join()).not.toContain('s3cret');

      setFault();
      // To open a store is waited for longer than a request waits, and tried again a second later.
      await jest.advanceTimersByTimeAsync(stuck === 'open' ? 30_000 : 0);
      expect(logger.lines).toHaveLength(1);
      const later = performance.now() + 1_000;
      if (stuck === 'open') jest.spyOn(performance, 'now').mockReturnValue(later);
      expect((await send(method, path, body)).status).toBeLessThan(300);
      jest.restoreAllMocks();
    },
  );

  it('goes on for those who are remembered, and for nobody else', async () => {
    const { send, setFault, ready } = appWithFault();
    await ready();
    expect((await send('GET', '/')).status).toBe(200);
    setFault(['find', how]);
    expect((await send('GET', '/')).body).toEqual({ name: 'root' });
    expect((await send('GET', '/', undefined, 'amy')).status).toBe(503);
    expect((await send('GET', '/', undefined, 'nobody')).status).toBe(503);
  });
});

it('a store that is slow, but answers in time, is waited for', async () => {
  const { send, setFault, ready } = appWithFault();
  await ready();
  let waited = false;
  const late = () =>
    new Promise<never>((resolve) => {
      setTimeout(() => {
        waited = true;
        resolve(undefined as never);
      }, 4_500);
    });
  setFault(['find', late]);
  expect((await send('GET', '/')).status).toBe(401);
  expect(waited).toBe(true);
});
