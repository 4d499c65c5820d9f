import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAuthority, makeCertificate } from '../../fixtures/meta-stand-in/certificates.js';
import type { KapacitorAuthOptions } from '../../lib/index.js';
import { MemoryUserStore } from '../../lib/index.js';
import type { RunningServer } from '../../lib/server/start-server.js';
import { startServer } from '../../lib/server/start-server.js';
import { basic } from '../support/open-auth.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { StartedGateway } from './gateway/started-gateway.js';
import { PageClient } from './page-client.js';
import { WrittenLog } from './written-log.js';

const USERS = [
  { name: 'root', password: 'root-password', type: 'admin' as const },
  { name: 'amy', password: 'amy-password', permissions: ['api' as const] },
];

const folder = temporaryFolder();
const { cert, key } = makeCertificate(makeAuthority('an authority'), { names: ['127.0.0.1'] });
const [tlsCert, tlsKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
writeFileSync(tlsCert, cert);
writeFileSync(tlsKey, key, { mode: 0o600 });

let running: RunningServer | undefined;
let log: WrittenLog;

async function serve(
  options: KapacitorAuthOptions = {},
  host = '127.0.0.1',
): Promise<RunningServer> {
  log = new WrittenLog();
  const store = new MemoryUserStore(USERS);
  const { logger } = log;
  const all = { configFile: false, store, auth: { bcryptCost: 4 }, ...options } as const;
  running = await startServer({ host, port: 0, options: all, logger });
  return running;
}

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const HTML = 'text/html; charset=utf-8';
const NOT_FOUND = {
  status: 404,
  headers: { 'content-type': expect.stringMatching(/json/) as unknown },
};

describe('a server', () => {
  it('shows pages with a login on loopback, and says where', async () => {
    const { url, pages } = await serve();
    expect(pages).toEqual({ url: `${url}/admin/` });
    const client = new PageClient(url);
    const asked = await client.get('/admin/users');
    expect(asked).toMatchObject({
      status: 303,
      headers: { location: expect.stringMatching(/^\/admin\/login(?:\?|$)/) as unknown },
    });
    const login = await client.get('/admin/login');
    expect(login).toMatchObject({ status: 200, headers: { 'content-type': HTML } });
    expect(login.body).toContain('action="/admin/login"');
    expect((await client.logIn('root', 'root-password')).status).toBe(303);
    expect([...client.cookies.keys()]).toEqual(['kauth']);
    await expect(client.isLoggedIn()).resolves.toBe(true);
  });

  it('shows none on an address for others, where their path is as any other', async () => {
    const { url, pages } = await serve({}, '0.0.0.0');
    expect(pages).toBeUndefined();
    const client = new PageClient(url);
    const [root, nobody] = [{ Authorization: basic('root', 'root-password') }, {}];
    expect(await client.get('/admin/', root)).toMatchObject(NOT_FOUND);
    expect((await client.get('/admin/', nobody)).status).toBe(401);
  });

  it('shows them there over TLS, with a cookie for TLS only', async () => {
    const { url } = await serve({ gateway: { tlsCert, tlsKey } }, '0.0.0.0');
    expect(url).toMatch(/^https:/);
    const client = new PageClient(url);
    const { headers, status } = await client.logIn('root', 'root-password');
    expect(status).toBe(303);
    expect(headers['set-cookie']).toEqual([expect.stringMatching(/^__Host-kauth=.*; Secure/)]);
    await expect(client.isLoggedIn()).resolves.toBe(true);
  });

  it('takes no login without TLS under a name that is not of this machine alone', async () => {
    const { url } = await serve({ pages: { enabled: true } }, '0.0.0.0');
    const client = new PageClient(url, { Host: 'gateway.example' });
    const { status, body } = await client.get('/admin/login');
    expect(status).toBe(403);
    expect(body).toContain('need TLS');
    expect(body).not.toContain('<form');
  });

  it('shows them below another path', async () => {
    const { url, pages } = await serve({ pages: { basePath: '/user-pages/v1' } });
    expect(pages).toEqual({ url: `${url}/user-pages/v1/` });
    const client = new PageClient(url);
    await client.logIn('root', 'root-password', '/user-pages/v1');
    await expect(client.isLoggedIn('/user-pages/v1')).resolves.toBe(true);
    const root = { Authorization: basic('root', 'root-password') };
    expect(await client.get('/admin/users', root)).toMatchObject(NOT_FOUND);
    expect(await client.get('/user-pages/v2', root)).toMatchObject(NOT_FOUND);
  });

  it('answers HEAD and unknown pages below their path as pages, not as the API', async () => {
    const { url } = await serve();
    const client = new PageClient(url);
    expect(await client.send('HEAD', '/admin/login')).toMatchObject({ status: 200, body: '' });
    await client.logIn('root', 'root-password');
    const missing = await client.get('/admin/kapacitor/v1/users');
    expect(missing).toMatchObject({ status: 404, headers: { 'content-type': HTML } });
  });

  it.each([
    ['a login of the API', { Authorization: basic('root', 'root-password') }],
    ['a page of another origin that [cors] names', { Origin: 'https://console.example' }],
  ])('lets %s do nothing at the pages', async (_which, headers) => {
    const { url } = await serve({ cors: { origins: 'https://console.example' } });
    const client = new PageClient(url);
    expect(await client.get('/admin/users', headers)).toMatchObject({ status: 303 });
    const asked = await client.send('OPTIONS', '/admin/login', {
      headers: { ...headers, 'Access-Control-Request-Method': 'POST' },
    });
    const sent = await client.post(
      '/admin/login',
      { name: 'root', password: 'root-password' },
      { 'Sec-Fetch-Site': 'cross-site', ...headers },
    );
    expect(sent.status).toBe(403);
    expect(asked.status).toBe(405);
    for (const answer of [asked, sent]) {
      const fields = Object.keys(answer.headers);
      expect(fields.filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    expect(client.cookies.size).toBe(0);
    // The API still lets that origin in.
    const api = await client.get('/kapacitor/v1/ping', { Origin: 'https://console.example' });
    expect(api.headers['access-control-allow-origin']).toBe('https://console.example');
  });

  it('logs visits with the user, and neither passwords nor sessions', async () => {
    const { url } = await serve();
    const client = new PageClient(url);
    await client.logIn('root', 'a-wrong-password');
    await client.logIn('root', 'root-password');
    await client.get('/admin/user?name=amy&password=typed-here');
    const [, cookie = ''] = [...client.cookies].flat();
    expect(log.requests).toMatchObject([
      { method: 'POST', path: '/admin/login', status: 403 },
      { method: 'POST', path: '/admin/login', status: 303 },
      { method: 'GET', path: '/admin/user?name=amy', user: 'root' },
    ]);
    for (const secret of ['a-wrong-password', 'root-password', 'typed-here', cookie, '$2b$'])
      expect(log.text).not.toContain(secret);
  });
});

describe('behind a proxy with TLS, the pages', () => {
  const FROM = { Host: '127.0.0.1:9095', 'X-Forwarded-Host': 'kapacitor.example' };

  it.each([
    ['that is trusted', { gateway: { trustedProxies: '127.0.0.1' } }],
    ['whose origin is named', { pages: { origin: 'https://kapacitor.example' } }],
  ])('%s take a login and keep the cookie for TLS', async (_which, options) => {
    const { url } = await serve(options);
    const client = new PageClient(url, { ...FROM, 'X-Forwarded-Proto': 'https' });
    const { headers } = await client.logIn('root', 'root-password');
    expect(headers['set-cookie']).toEqual([expect.stringMatching(/^__Host-kauth=.*; Secure/)]);
    // A browser without Sec-Fetch-Site.
    const form = { name: 'root', password: 'root-password' };
    const origins = [
      'https://kapacitor.example',
      'http://kapacitor.example',
      'https://evil.example',
    ];
    const sent = origins.map((Origin) => {
      return client.post('/admin/login', form, { Origin, 'Sec-Fetch-Site': '' });
    });
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([303, 403, 403]);
  });

  it('take no login that came to the proxy without TLS', async () => {
    const { url } = await serve({ gateway: { trustedProxies: '127.0.0.1' } });
    for (const scheme of ['http', 'HTTP, https', 'wss', '']) {
      const client = new PageClient(url, { ...FROM, 'X-Forwarded-Proto': scheme });
      expect((await client.get('/admin/login')).status).toBe(403);
    }
  });

  it('count and tell failed logins by the addresses of clients', async () => {
    const { url } = await serve({ gateway: { trustedProxies: '127.0.0.1' } });
    const from = (address: string): PageClient =>
      new PageClient(url, { ...FROM, 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': address });
    for (let turn = 0; turn < 10; turn += 1)
      await from('203.0.113.7').logIn('root', `wrong-${String(turn)}`);
    expect((await from('203.0.113.7').logIn('root', 'root-password')).status).toBe(429);
    expect((await from('203.0.113.8').logIn('root', 'root-password')).status).toBe(303);
    const [refused = ''] = log.text.split('\n').filter((line) => line.includes('"rejected"'));
    expect(JSON.parse(refused)).toMatchObject({
      ...{ audit: true, user: 'root', address: '203.0.113.7' },
      ...{ method: 'POST', path: '/admin/login', code: 'ERR_KAUTH_FAILED' },
    });
    expect(log.requests[0]).toMatchObject({ address: '203.0.113.7', status: 403 });
  });

  it('believe nobody else', async () => {
    const { url } = await serve({ gateway: { trustedProxies: '10.0.0.1' } });
    const client = new PageClient(url, { ...FROM, 'X-Forwarded-Proto': 'https' });
    const { headers } = await client.logIn('root', 'root-password');
    expect(headers['set-cookie']).toEqual([expect.stringMatching(/^kauth=(?!.*Secure)/)]);
  });
});

describe('a gateway', () => {
  let gateway: StartedGateway;

  afterEach(async () => {
    await gateway.stop();
  });

  it('leaves their path to the upstream unless they are switched on', async () => {
    gateway = await StartedGateway.start();
    expect(gateway.server.pages).toBeUndefined();
    expect((await gateway.fetch('/admin/users')).status).toBe(401);
    expect((await gateway.fetch('/admin/users', 'root')).status).toBe(200);
    expect(gateway.upstream.seen).toHaveLength(1);
  });

  it('shows them if they are switched on, and forwards nothing below their path', async () => {
    gateway = await StartedGateway.start({ pages: { enabled: true } });
    const client = new PageClient(gateway.server.url);
    await client.logIn('root', 'root-password');
    await expect(client.isLoggedIn()).resolves.toBe(true);
    const spellings = [
      ...[
        '/admin',
        '/admin/',
        '/admin?x',
        '/ADMIN/users',
        '/Admin',
        '/%61dmin/users',
        '/admin/%75sers',
      ],
      ...[
        '/admin/../kapacitor/v1/tasks',
        '//admin/users',
        '/x/../admin',
        '/admin%2fusers',
        '/admin/./',
      ],
    ];
    for (const path of spellings) {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
        const headers = { Authorization: basic('root', 'root-password') };
        await client.send(method, path, { headers });
      }
    }
    expect(gateway.upstream.seen).toEqual([]);
    await gateway.fetch('/administrator', 'root');
    expect(gateway.upstream.seen).toHaveLength(1);
  });
});
