import express from 'express';
import request from 'supertest';
import { forwardAuth } from '../../lib/index.js';
import { heard } from '../observe/heard.js';
import { basic, openAuth } from '../support/open-auth.js';
import { amy, forwarded, original, V1 } from './asking-proxy.js';

const wrong = { Authorization: basic('amy', 'wrong') };

describe('a question of a proxy', () => {
  it.each([
    [401, {}, 'rejected', { code: 'ERR_KAUTH_CREDENTIALS_MISSING' }],
    [401, wrong, 'rejected', { code: 'ERR_KAUTH_FAILED', user: 'amy' }],
    [403, amy, 'forbidden', { code: 'ERR_KAUTH_FORBIDDEN', user: 'amy' }],
  ])(
    'is told and counted once, as what was asked about: %i with %j',
    async (status, credentials, event, details) => {
      const auth = openAuth();
      const events = heard(auth, ['rejected', 'forbidden', 'userChanged']);
      const app = express().all('/auth', forwardAuth(auth));
      const asked = forwarded('DELETE', `${V1}/config?x=y`);
      await request(app)
        .get('/auth')
        .set(asked)
        .set(credentials)
        .expect(status === 401 ? 401 : 403);
      expect(events).toEqual([
        expect.objectContaining({
          event,
          status,
          method: 'DELETE',
          path: `${V1}/config`,
          ...details,
        }),
      ]);
      const text = await auth.metrics.metrics();
      const counts = [
        ...text.matchAll(
          /requests_total\{outcome="(?:rejected|forbidden)",code="(\w+)"\} ([1-9]\d*)/g,
        ),
      ];
      expect(counts.map(([, code, count]) => [code, count])).toEqual([[details.code, '1']]);
    },
  );

  it('that is let through is told as what was asked about', async () => {
    const auth = openAuth();
    const events = heard(auth);
    const app = express().all('/auth', forwardAuth(auth));
    await request(app)
      .get('/auth')
      .set(original('POST', `${V1}/tasks`))
      .set(amy)
      .expect(200);
    expect(events).toMatchObject([
      { event: 'authenticated', user: 'amy', method: 'POST', path: `${V1}/tasks` },
    ]);
  });

  it.each([
    ['https://kapacitor.example/kapacitor/v1/tasks?limit=1', 200],
    ['http://kapacitor.example:8080/kapacitor/v1/tasks', 200],
    ['https://kapacitor.example/kapacitor/v1/config', 403],
    ['https://kapacitor.example/kapacitor/v1/../config', 400],
    ['https://kapacitor.example', 400],
    ['https://amy:amy-pw@kapacitor.example/kapacitor/v1/tasks', 400],
    ['/kapacitor/v1/tasks', 400],
    ['javascript:/kapacitor/v1/tasks', 400],
  ])('may name a whole URL, as ingress-nginx does: %s is %i', async (url, status) => {
    const app = express().all('/auth', forwardAuth(openAuth()));
    const headers = { 'X-Original-URL': url, 'X-Original-Method': 'GET', ...amy };
    await request(app).get('/auth').set(headers).expect(status);
  });

  it('is refused where URL and target differ', async () => {
    const app = express().all('/auth', forwardAuth(openAuth()));
    const ask = (url: string) =>
      request(app)
        .get('/auth')
        .set({ ...original('GET', `${V1}/tasks`), 'X-Original-URL': url, ...amy });
    await ask(`https://x${V1}/tasks`).expect(200);
    await ask(`https://x${V1}/ping`).expect(400);
    await request(app)
      .get('/auth')
      .set({ 'X-Original-URL': `https://x${V1}`, ...amy })
      .expect(400);
  });
});
