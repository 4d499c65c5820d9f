import express5 from 'express';
import { adminPages } from '../../lib/index.js';
import { expresses } from '../support/expresses.js';
import { openAuth } from '../support/open-auth.js';
import { loggedIn, pagesApp, pagesClient, textOf } from '../support/pages-client.js';

const PROTECTING = {
  'content-security-policy': expect.stringMatching(/^default-src 'none';/) as unknown,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

describe('an answer of the pages', () => {
  it.each([
    ['the base path', 'get', '', 303],
    ['a page', 'get', '/why', 200],
    ['a page before the login', 'get', '/login', 303],
    ['an unknown page', 'get', '/nothing', 404],
    ['a method that is not allowed', 'put', '/why', 405],
    ['a form without a page', 'post', '/why', 403],
    ['the style sheet', 'get', '/style.css', 200],
    ['the head of a page', 'head', '/why', 200],
  ] as const)('is protected: %s', async (_what, method, path, status) => {
    const { agent } = await loggedIn(openAuth(), 'root', 'root-pw');
    const answer = await agent[method](`/admin${path}`);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject(PROTECTING);
    if (path !== '/style.css') expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('says which methods a page knows', async () => {
    const { agent } = await loggedIn(openAuth(), 'root', 'root-pw');
    expect((await agent.delete('/admin/why')).headers.allow).toBe('GET, HEAD, POST');
  });

  it.each([
    ['JSON', 'application/json', '{}', 400],
    ['too long a form', 'application/x-www-form-urlencoded', `name=${'x'.repeat(20_000)}`, 413],
    ['bytes that are no text', 'application/x-www-form-urlencoded', 'name=%ff', 403],
  ])('tells of %s on a page', async (_what, type, body, status) => {
    const { agent } = pagesClient(pagesApp(openAuth()));
    const answer = await agent
      .post('/admin/login')
      .set({ 'Sec-Fetch-Site': 'same-origin', 'Content-Type': type })
      .send(body);
    expect([answer.status, answer.type]).toEqual([status, 'text/html']);
  });

  it('asks for TLS beside loopback, and takes no password', async () => {
    const { agent } = pagesClient(pagesApp(openAuth()));
    const form = { name: 'root', password: 'root-pw' };
    const answer = await agent
      .post('/admin/login')
      .set({ 'Sec-Fetch-Site': 'same-origin', Host: 'kapacitor.example' })
      .type('form')
      .send(form);
    expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined]);
    expect(textOf(answer)).toContain('These pages need TLS');
  });

  it('believes a proxy about TLS only if the app trusts it', async () => {
    for (const [isTrusted, status] of [
      [true, 200],
      [false, 403],
    ] as const) {
      const app = express5().set('trust proxy', isTrusted).use(adminPages(openAuth()));
      const { agent } = pagesClient(app);
      const fields = { 'X-Forwarded-Proto': 'https', Host: 'kapacitor.example' };
      expect((await agent.get('/admin/login').set(fields)).status).toBe(status);
    }
  });
});

describe.each(expresses)('under %s', (_name, express) => {
  it('works below another path, with a form that was read before', async () => {
    const app = express().use(express.urlencoded({ extended: false }));
    app.use('/kapacitor', adminPages(openAuth({ property: 'kapacitorUser' })));
    const client = pagesClient(app, '/kapacitor/admin');
    const login = await client.logIn('amy', 'amy-pw');
    expect([login.status, login.headers.location]).toEqual([303, '/kapacitor/admin/']);
    const page = await client.get('/account');
    expect(page.status).toBe(200);
    expect(page.text).toContain('action="/kapacitor/admin/account/password"');
    await client.post('/logout');
    expect((await client.get('/account')).status).toBe(303);
  });

  it('passes other requests', async () => {
    const app = pagesApp(openAuth(), {}, express);
    app.use((_request, response) => {
      response.type('text').send('the app');
    });
    for (const path of ['/', '/administration', '/Admin/login']) {
      expect((await pagesClient(app, '').get(path)).text).toBe('the app');
    }
  });
});
