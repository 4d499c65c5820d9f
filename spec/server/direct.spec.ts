import type { RequestListener } from 'node:http';
import request from 'supertest';
import { kapacitorAuth, MemoryUserStore, StoreUnavailableError } from '../../lib/index.js';
import type { KapacitorAuth, KapacitorAuthOptions } from '../../lib/index.js';
import { answerAndNote } from '../../lib/server/access-log.js';
import { createApp } from '../../lib/server/app.js';
import { direct } from '../../lib/server/direct.js';
import { LostLines } from '../../lib/server/lost-lines.js';
import { basic } from '../support/open-auth.js';
import { WrittenLog } from './written-log.js';

const USERS = [
  { name: 'amy', password: 'amy-password', permissions: ['api' as const] },
  { name: 'nobody', password: 'nobody-password' },
];

const REQUESTS = ['get', 'head', 'post', 'options'].flatMap((method) =>
  [
    ...[
      '/kapacitor/v1/ping',
      '/kapacitor/v1/whoami',
      '/kapacitor/v1/whoami/',
      '/Kapacitor/v1/ping',
    ],
    ...['/kapacitor/v1/ping?u=amy&p=amy-password', '/kapacitor/v1/ping?a=b', '/kapacitor/v1/pinG'],
    ...['/kapacitor/v1/tasks', '/kapacitor/v1//ping', '/kapacitor/v1/x/../ping', '/health'],
  ].map((target) => ({ method, target })),
);

const CREDENTIALS = [
  ['a user who may', basic('amy', 'amy-password')],
  ['a user who may not', basic('nobody', 'nobody-password')],
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
    app = createApp(auth, { logger, lostLines: new LostLines() });
    handler = direct({ auth, logger, app });
  }

  async function answerOf(
    listener: RequestListener,
    { method, target }: (typeof REQUESTS)[number],
    authorization: string | undefined,
  ) {
    const agent = request(listener);
    const sent = agent[method as 'get'](target);
    if (authorization !== undefined) void sent.set('Authorization', authorization);
    const { status, headers, text } = await sent;
    return { status, text, headers: { ...headers, date: undefined } };
  }

  beforeEach(() => {
    create();
  });

  afterEach(async () => {
    await auth.close();
  });

  it.each(CREDENTIALS)('answers as the app does: %s', async (_who, authorization) => {
    for (const sent of REQUESTS) {
      const expected = await answerOf(app, sent, authorization);
      // Not known yet, or known by then.
      expect(await answerOf(handler, sent, authorization)).toEqual(expected);
      expect(await answerOf(handler, sent, authorization)).toEqual(expected);
    }
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
    expect(JSON.parse((await answerOf(handler, sent, undefined)).text)).toMatchObject({
      source: 'disabled',
    });
  });
});
