import type { RequestListener } from 'node:http';
import request from 'supertest';
import { answerAndNote } from '../../lib/server/access-log.js';
import { createApp } from '../../lib/server/app.js';
import { LostLines } from '../../lib/server/lost-lines.js';
import { openAuth } from '../support/open-auth.js';
import { WrittenLog } from './written-log.js';

const CONFIG = 'GET /kapacitor/v1/config';

describe('whoami', () => {
  let app: RequestListener;
  let log: WrittenLog;

  beforeEach(() => {
    log = new WrittenLog();
    app = createApp(openAuth({ onError: answerAndNote }), {
      logger: log.logger,
      lostLines: new LostLines(),
    }).listener;
  });

  function ask(name: string, query: Readonly<Record<string, string>>): request.Test {
    return request(app).get('/kapacitor/v1/whoami').query(query).auth(name, `${name}-pw`);
  }

  it('explains to an administrator what another user may do', async () => {
    const { body } = await ask('root', { explain: CONFIG, user: 'amy' }).expect(200);
    expect(body).toMatchObject({
      user: { name: 'amy' },
      method: 'GET',
      target: '/kapacitor/v1/config',
      allowed: false,
      rules: [{ resource: '/api/config', reason: 'none on /api/config, by permission api' }],
      remedies: ['config_api', 'all'],
    });
  });

  it.each(['root', 'amy'])('explains to %s what it may do itself', async (name) => {
    const { body } = await ask(name, { explain: CONFIG }).expect(200);
    expect(body).toMatchObject({ user: { name }, allowed: name === 'root' });
    await ask(name, { explain: CONFIG, user: name }).expect(200, body);
  });

  it.each(['root', 'nobody'])(
    'does not tell a normal user of %s, whether or not there is such a user',
    async (other) => {
      const text = 'user amy may not ask what others may do: only an admin may';
      await ask('amy', { explain: CONFIG, user: other }).expect(403, {
        error: text,
        message: text,
      });
      expect(log.requests).toMatchObject([{ status: 403, code: 'ERR_KAUTH_FORBIDDEN' }]);
    },
  );

  it('tells an administrator that there is no such user', async () => {
    await ask('root', { explain: CONFIG, user: 'nobody' }).expect(404);
  });

  it('explains a write, and a method in small letters', async () => {
    const { body } = await ask('root', {
      explain: 'post /write?db=telegraf&rp=a',
      user: 'amy',
    }).expect(200);
    expect(body).toMatchObject({ method: 'POST', target: '/write?db=telegraf&rp=a' });
  });

  it.each([
    ['explain=', 'a method and a path'],
    ['explain=GET', 'a method and a path'],
    ['explain=G(T+/x', 'a method and a path'],
    ['explain=GET+/x&explain=GET+/y', 'give "explain" once'],
    ['explain=GET+/x&user=a&user=b', 'give "user" once'],
    ['user=amy', 'goes with'],
  ])('answers 400 to ?%s', async (query, problem) => {
    const { body } = await request(app)
      .get(`/kapacitor/v1/whoami?${query}`)
      .auth('root', 'root-pw')
      .expect(400);
    expect(body).toMatchObject({ error: expect.stringContaining(problem) as unknown });
  });

  it('keeps credentials in the query out of the explanation', async () => {
    const { text } = await request(app)
      .get('/kapacitor/v1/whoami')
      .query({ u: 'amy', p: 'amy-pw', explain: CONFIG })
      .expect(200);
    expect(text).not.toContain('amy-pw');
    expect(log.text).not.toContain('amy-pw');
  });

  it('answers 500 without details when something unexpected happens', async () => {
    const auth = openAuth();
    const failing = Object.assign(auth.bind(undefined), auth, {
      explain: () => Promise.reject(new TypeError('a detail')),
    });
    const { text } = await request(
      createApp(failing, { logger: log.logger, lostLines: new LostLines() }).listener,
    )
      .get('/kapacitor/v1/whoami')
      .query({ explain: CONFIG })
      .auth('root', 'root-pw')
      .expect(500);
    expect(text).not.toContain('a detail');
  });
});
