import { once } from 'node:events';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer, get } from 'node:http';
import request from 'supertest';
import type { KapacitorAuth, KapacitorAuthOptions } from '../../lib/index.js';
import { kapacitorAuth, MemoryUserStore, StoreUnavailableError } from '../../lib/index.js';
import { answerAndNote } from '../../lib/server/access-log.js';
import { createApp } from '../../lib/server/app.js';
import { LostLines } from '../../lib/server/lost-lines.js';
import { ownAnswers } from '../../lib/server/own-answers.js';
import { basic } from '../support/open-auth.js';
import { createExpressApp } from './reference-app.js';
import { WrittenLog } from './written-log.js';

const USERS = [
  { name: 'amy', password: 'amy-password', permissions: ['api' as const] },
  { name: 'nobody', password: 'nobody-password' },
  { name: 'root', password: 'root-password', type: 'admin' as const },
];

const REQUESTS = ['get', 'head', 'post', 'options'].flatMap((method) =>
  [
    ...[
      '/kapacitor/v1/ping',
      '/kapacitor/v1/whoami',
      '/kapacitor/v1/whoami/',
      '/kapacitor/v1preview/whoami',
      '/kapacitor/V1Preview/whoami/?explain=GET+/kapacitor/v1/tasks',
      '/Kapacitor/v1/ping',
    ],
    ...['/kapacitor/v1/ping?u=amy&p=amy-password', '/kapacitor/v1/ping?a=b', '/kapacitor/v1/pinG'],
    ...['/kapacitor/v1/tasks', '/kapacitor/v1//ping', '/kapacitor/v1/x/../ping'],
    ...['/kapacitor/v1/whoami?explain=GET+/kapacitor/v1/tasks', '/kapacitor/v1/whoami?explain=no'],
    ...['/kapacitor/v1/whoami?explain=GET+/kapacitor/v1/tasks&user=nobody', '/kapacitor/v1/ping/'],
    ...['/health', '/HEALTH/?a', '/health//', '/%68ealth', '/auth', '/Auth/?a=b', '/auth//', '/'],
    ...['/metrics', '/Metrics/', '/metrics?a', '/metrics/a', '/kapacitor/v1/ping#a', '//health'],
  ].map((target) => ({ method, target })),
);

const CREDENTIALS = [
  ['a user who may', basic('amy', 'amy-password')],
  ['a user who may not', basic('nobody', 'nobody-password')],
  ['an administrator', basic('root', 'root-password')],
  ['a wrong password', basic('amy', 'wrong')],
  ['a header that is malformed', 'Basic !'],
  ['none', undefined],
] as const;

describe('a server that answers the most frequent requests without Express', () => {
  let auth: KapacitorAuth;
  let app: RequestListener;
  let handler: RequestListener;
  let log: WrittenLog;

  function create(options: KapacitorAuthOptions = {}): void {
    log = new WrittenLog();
    const { logger } = log;
    auth = kapacitorAuth({
      auth: { bcryptCost: 4 },
      store: new MemoryUserStore(USERS),
      // Both are to look at every login, however many failed before it.
      throttle: { enabled: false },
      logger,
      onError: answerAndNote,
      ...options,
    });
    const listeners = { logger, lostLines: new LostLines() };
    app = createExpressApp(auth, listeners);
    handler = createApp(auth, listeners).listener;
  }

  async function answerOf(
    listener: RequestListener,
    { method, target }: (typeof REQUESTS)[number],
    authorization: string | undefined,
  ) {
    const agent = request(listener);
    const sent = agent[method as 'get'](target);
    // Of which only /auth wants to know.
    void sent.set({ 'X-Original-URI': '/kapacitor/v1/tasks', 'X-Original-Method': 'GET' });
    if (authorization !== undefined) void sent.set('Authorization', authorization);
    const { status, headers, text } = await sent;
    // Metrics tell of each request.
    const isMetrics = headers['content-type']?.startsWith('text/plain') === true;
    return {
      status,
      ...(!isMetrics && { text, length: headers['content-length'], etag: headers.etag }),
      headers: { ...headers, date: undefined, 'content-length': undefined, etag: undefined },
    };
  }

  beforeEach(() => {
    create();
  });

  afterEach(async () => {
    await auth.close();
  });

  const ENDPOINTS = ['off', 'admin', 'open'] as const;
  const CASES = ENDPOINTS.flatMap((endpoint) =>
    CREDENTIALS.map(([who, authorization]) => ({ endpoint, who, authorization })),
  );

  it.each(CASES)('answers as Express does: $who, metrics $endpoint', async (given) => {
    const { endpoint, authorization } = given;
    create({ metrics: { endpoint } });
    for (const sent of REQUESTS) {
      const expected = await answerOf(app, sent, authorization);
      // Not known yet, or known by then.
      expect(await answerOf(handler, sent, authorization)).toEqual(expected);
      expect(await answerOf(handler, sent, authorization)).toEqual(expected);
    }
  });

  it.each([
    ...['/auth', '/auth/?a=b', '/health', '/metrics', '/kapacitor/v1/ping'],
    ...['/kapacitor/v1/whoami', '/kapacitor/v1preview/whoami?explain=GET+/kapacitor/v1/tasks'],
  ])('answers %s without Express', async (target) => {
    create({ metrics: { endpoint: 'admin' } });
    const others = jest.fn((...[, response]: Parameters<RequestListener>) =>
      response.writeHead(404).end(),
    );
    const listener = ownAnswers({ auth, logger: log.logger, lostLines: new LostLines(), others });
    for (const login of [basic('root', 'root-password'), basic('root', 'wrong')]) {
      await answerOf(listener, { method: 'get', target }, login);
    }
    expect(others).not.toHaveBeenCalled();
    await answerOf(listener, { method: 'get', target: '/other' }, undefined);
    expect(others).toHaveBeenCalledTimes(1);
  });

  it('answers no target with a fragment', async () => {
    const server = createServer(handler).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const headers = { authorization: basic('root', 'root-password') };
    const statuses = [];
    for (const path of ['/health', '/metrics', '/kapacitor/v1/whoami', '/kapacitor/v1/ping']) {
      const asked = get({ host: '127.0.0.1', port, path: `${path}#a`, headers, agent: false });
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      response.resume();
      statuses.push(response.statusCode);
    }
    server.close();
    expect(statuses).toEqual([400, 400, 400, 400]);
  });

  it('logs what the app logs', async () => {
    const lines = [];
    for (const listener of [app, handler]) {
      log.text = '';
      for (const [, authorization] of CREDENTIALS) {
        await answerOf(listener, { method: 'get', target: '/kapacitor/v1/ping' }, authorization);
      }
      lines.push(log.requests.map((line) => ({ ...line, ms: 0, time: 0 })));
    }
    expect(lines[0]).toHaveLength(CREDENTIALS.length);
    expect(lines[1]).toEqual(lines[0]);
  });

  it('answers 503 where the users can’t be told', async () => {
    create({
      store: {
        find: () => {
          throw new StoreUnavailableError('it is away');
        },
      },
    });
    const sent = { method: 'get', target: '/kapacitor/v1/whoami' };
    const answer = await answerOf(handler, sent, basic('amy', 'amy-password'));
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': expect.any(String) } });
    expect(answer).toEqual(await answerOf(app, sent, basic('amy', 'amy-password')));
  });

  it('answers everyone where authentication is off', async () => {
    create({ http: { authEnabled: false } });
    const sent = { method: 'get', target: '/kapacitor/v1/whoami' };
    expect(await answerOf(handler, sent, undefined)).toEqual(await answerOf(app, sent, undefined));
    expect(JSON.parse((await answerOf(handler, sent, undefined)).text ?? '')).toMatchObject({
      source: 'disabled',
    });
  });
});
