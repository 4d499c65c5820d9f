import type { RequestListener } from 'node:http';
import request from 'supertest';
import { answerAndNote } from '../../lib/server/access-log.js';
import { createApp } from '../../lib/server/app.js';
import { LostLines } from '../../lib/server/lost-lines.js';
import { openAuth } from '../support/open-auth.js';
import { WrittenLog } from './written-log.js';

let app: RequestListener;
let log: WrittenLog;

beforeEach(() => {
  log = new WrittenLog();
  app = createApp(openAuth({ logger: log.logger, onError: answerAndNote }), {
    logger: log.logger,
    lostLines: new LostLines(),
  }).listener;
});

describe('the server, asked by another proxy at /auth', () => {
  const about = (method: string, target: string) => ({
    'X-Original-URI': target,
    'X-Original-Method': method,
  });

  it.each(['get', 'post', 'delete', 'options'] as const)('answers a %s', async (method) => {
    const ask = (target: string) =>
      request(app)[method]('/auth').auth('amy', 'amy-pw').set(about('GET', target));
    const { headers } = await ask('/kapacitor/v1/tasks').expect(200);
    expect(headers).toMatchObject({ 'x-kapacitor-user': 'amy', 'cache-control': 'no-store' });
    await ask('/kapacitor/v1/config').expect(403);
    await request(app)[method]('/auth').set(about('GET', '/kapacitor/v1/tasks')).expect(401);
  });

  it('logs what was asked about, without credentials, and the reason of a refusal', async () => {
    const target = '/kapacitor/v1/config?u=amy&p=amy-pw&x=1';
    await request(app).get('/auth').set(about('DELETE', target)).expect(403);
    await request(app).get('/auth').auth('amy', 'amy-pw').expect(400);
    expect(log.requests).toMatchObject([
      {
        user: 'amy',
        method: 'GET',
        path: '/auth',
        asks: 'DELETE /kapacitor/v1/config?x=1',
        code: 'ERR_KAUTH_FORBIDDEN',
      },
      { status: 400, code: 'ERR_KAUTH_INVALID_REQUEST' },
    ]);
    expect(log.text).not.toContain('amy-pw');
  });

  it.each([
    ['/auth', true],
    ['/auth/', true],
    ['/AUTH', true],
    ['/Auth/?x=1', true],
    ['/auth?', true],
    ['/auth?/x', true],
    ['/auth//', false],
    ['/auth/x', false],
    ['/authx', false],
    ['/x/auth', false],
    ['/%61uth', false],
    ['/auth;x', false],
  ])('logs what %s asks about if it is answered as a question: %s', async (spelling, isOne) => {
    const asked = about('GET', '/kapacitor/v1/tasks');
    const { headers } = await request(app).get(spelling).auth('root', 'root-pw').set(asked);
    expect('x-kapacitor-user' in headers).toBe(isOne);
    const told = isOne ? { asks: 'GET /kapacitor/v1/tasks' } : {};
    expect(log.requests).toEqual([expect.objectContaining({ method: 'GET', ...told })]);
    expect('asks' in (log.requests[0] ?? {})).toBe(isOne);
  });

  it('answers nothing below it', async () => {
    const asked = about('GET', '/kapacitor/v1/tasks');
    await request(app).get('/auth/x').auth('root', 'root-pw').set(asked).expect(404);
  });
});
