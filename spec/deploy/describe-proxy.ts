import { basic, bearer } from '../support/open-auth.js';
import { CLAIMS } from './claims.js';
import type { StartProxy } from './proxied-service.js';
import { ProxiedService } from './proxied-service.js';

const API = '/kapacitor/v1';
/** nginx passes on the first challenge only, before version 1.23. */
const CHALLENGE = expect.stringMatching(/^Basic realm="kapacitor", charset="UTF-8"/);

/** The answer that a client sees while `kapacitor-auth serve` is down, as docs/proxies.md tells. */
export interface AnswerWhenDown {
  readonly status: number;
  readonly retryAfter: string;
  readonly body: unknown;
  /** The status of what `serve` answers by itself. */
  readonly ownStatus: number;
}

/** Describes what must hold before a service behind a real proxy that asks `kapacitor-auth serve`. */
export function describeProxy(startProxy: StartProxy, whenDown: AnswerWhenDown): void {
  let service: ProxiedService;

  beforeAll(async () => {
    service = await ProxiedService.start(startProxy);
  });

  beforeEach(() => {
    service.upstream.seen.length = 0;
  });

  afterAll(async () => {
    await service.stop();
  });

  it('passes on what a user may do, and the answer', async () => {
    const answer = await service.ask(`${API}/tasks/%C3%A9?limit=1&x=%41`, 'amy');
    expect(answer).toMatchObject({ status: 200, body: `GET ${API}/tasks/%C3%A9?limit=1&x=%41` });
    expect(service.upstream.seen).toHaveLength(1);
  });

  it.each([
    ['amy', 'api'],
    ['root', 'all'],
    ['zoë', 'api,config_api'],
  ])('tells the service that %s asks, who has %s', async (name, permissions) => {
    await service.ask(`${API}/tasks`, name);
    expect(service.upstream.field('x-kapacitor-user')).toBe(encodeURIComponent(name));
    expect(service.upstream.field('x-kapacitor-permissions')).toBe(permissions);
    expect(service.upstream.field('authorization')).toBeUndefined();
    expect(service.upstream.field('cookie')).toBeUndefined();
  });

  it('takes the credentials of the query, as Kapacitor does', async () => {
    const answer = await service.ask(`${API}/tasks?u=amy&p=amy-password`);
    expect(answer.status).toBe(200);
    expect(service.upstream.field('x-kapacitor-user')).toBe('amy');
    for (const log of [service.log.text, service.proxyLog()]) {
      expect(log).not.toContain('amy-password');
    }
  });

  it('takes tokens', async () => {
    const token = (name: string) => ({ headers: { Authorization: bearer(name) } });
    expect((await service.ask(`${API}/tasks`, undefined, token('amy'))).status).toBe(200);
    expect(service.upstream.field('x-kapacitor-user')).toBe('amy');
    expect((await service.ask(`${API}/tasks`, undefined, token('nobody'))).status).toBe(401);
    expect(service.upstream.seen).toHaveLength(1);
  });

  it('asks for credentials', async () => {
    const answer = await service.ask(`${API}/tasks`);
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': CHALLENGE } });
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(JSON.parse(answer.body)).toMatchObject({ error: expect.any(String) });
  });

  it.each([
    [401, 'GET', `${API}/tasks`, 'nobody'],
    [401, 'GET', `${API}/tasks?u=amy&p=wrong`, undefined],
    [403, 'GET', `${API}/config`, 'amy'],
    [403, 'DELETE', `${API}/config/smtp`, 'amy'],
    [403, 'POST', `${API}/write?db=telegraf`, 'amy'],
    [403, 'GET', `${API}/tasks`, 'wim'],
    // Paths that somebody could read as another.
    [403, 'GET', `${API}/%63onfig`, 'amy'],
    [403, 'GET', `${API}/CONFIG`, 'amy'],
    [403, 'GET', `${API}/config/?x=/tasks`, 'amy'],
    [403, 'GET', '/%6bapacitor/v1/config', 'amy'],
    [403, 'GET', `/below${API}/config`, 'amy'],
    [400, 'GET', `${API}/tasks/../config`, 'amy'],
    [400, 'GET', `${API}/tasks/%2e%2e/config`, 'amy'],
    [400, 'GET', `${API}/./config`, 'amy'],
    [400, 'GET', `${API}//config`, 'amy'],
    [400, 'GET', `/${API}/config`, 'amy'],
    [400, 'GET', `${API}/tasks%2f..%2fconfig`, 'amy'],
    [400, 'GET', `${API}/tasks%5c..%5cconfig`, 'amy'],
    [400, 'GET', `${API}/config;x`, 'amy'],
    [400, 'POST', `${API}/write?db=telegraf&db=other`, 'wim'],
    [400, 'POST', `${API}/write?a=b;db=other`, 'wim'],
    [503, 'GET', `${API}/tasks`, 'unreadable'],
  ])('answers %i to %s %s by %s, and passes nothing on', async (status, method, path, name) => {
    const answer = await service.ask(path, name, { method });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(service.upstream.seen).toEqual([]);
  });

  it.each([
    { 'X-Kapacitor-User': 'root', 'X-Kapacitor-Permissions': 'all' },
    { 'x-kApAcItOr-uSeR': 'root', 'X-KAPACITOR-PERMISSIONS': 'all' },
    { X_Kapacitor_User: 'root', 'X-Kapacitor_User': 'root', x_kapacitor_permissions: 'all' },
    { 'X-Kapacitor-User': ['root', 'root'] },
    { 'X-Kapacitor-User': 'root', Connection: 'close, X-Kapacitor-User' },
    { Connection: 'close, X-Kapacitor-Permissions, Authorization' },
    { Cookie: 'session=1' },
    { 'X-HTTP-Method-Override': 'DELETE' },
  ])('does not let a client say who it is: %j', async (headers) => {
    const answer = await service.ask(`${API}/tasks`, 'amy', { headers });
    expect(answer.status).toBe(200);
    expect(service.upstream.seen).toHaveLength(1);
    expect(service.upstream.field('x-kapacitor-user')).toBe('amy');
    expect(service.upstream.field('x-kapacitor-permissions')).toBe('api');
    const names = service.upstream.seen[0]?.fields.map(([name]) => name) ?? [];
    const unwanted = names.filter((name) => /_|^authorization$|^cookie$|override/.test(name));
    expect(unwanted).toEqual([]);
  });

  it('passes on nothing of what only a proxy may say, nor the address of a page', async () => {
    const odd = ['X_Remote_User', 'X.Remote.User', 'Remote_User', 'X-Real_IP'];
    const names = [...CLAIMS, ...odd, 'Referer'];
    const headers = Object.fromEntries(
      names.filter((name) => !name.startsWith('X-Original-')).map((name) => [name, 'claimed']),
    );
    const page = { ...headers, Referer: 'http://console.example/?u=amy&p=amy-password' };
    expect((await service.ask(`${API}/tasks`, 'amy', { headers: page })).status).toBe(200);
    const seen = JSON.stringify(service.upstream.seen[0]?.fields);
    expect(seen).not.toContain('claimed');
    expect(seen).not.toContain('amy-password');
  });

  it.each(CLAIMS.filter((name) => name.startsWith('X-Original-')))(
    'passes on no %s of a client',
    async (name) => {
      const headers = { [name]: `http://x${API}/config` };
      expect((await service.ask(`${API}/tasks`, 'amy', { headers })).status).toBe(200);
      expect(service.upstream.field(name.toLowerCase()) ?? '').not.toContain('config');
    },
  );

  it('counts failed logins by client, and says when to try again', async () => {
    const tasks = (password: string, localAddress: string) =>
      service.ask(`${API}/tasks`, undefined, {
        headers: { Authorization: basic('amy', password) },
        localAddress,
      });
    for (let turn = 0; turn < 10; turn++) {
      expect((await tasks(`wrong-${String(turn)}`, '127.0.0.2')).status).toBe(401);
    }
    const refused = await tasks('amy-password', '127.0.0.2');
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(refused.headers['content-type']).toMatch(/^application\/json/);
    expect(refused.body).toContain('too many failed logins');
    expect(service.upstream.seen).toEqual([]);
    expect((await tasks('amy-password', '127.0.0.1')).status).toBe(200);
  });

  const TASKS = `${API}/tasks`;
  it.each([
    { 'X-Original-URI': TASKS, 'X-Original-Method': 'GET' },
    { 'X-Forwarded-Uri': TASKS, 'X-Forwarded-Method': 'GET' },
    { 'X-Original-URI': [TASKS, TASKS], 'X-Original-Method': ['GET', 'GET'] },
    { 'x-original-uri': TASKS, 'x-forwarded-uri': TASKS },
    { X_Original_URI: TASKS, X_Original_Method: 'GET', X_Forwarded_Uri: TASKS },
    { 'X-Original-URI': TASKS, Connection: 'close, X-Forwarded-Uri, X-Original-Method' },
    { 'X-Original-URL': TASKS, 'X-Rewrite-URL': TASKS, Forwarded: 'for=1.2.3.4;host=x' },
    { 'X-Forwarded-Host': 'x', 'X-Forwarded-Prefix': '/x' },
  ])('judges what is asked for, whatever a client says of it: %j', async (headers) => {
    const refused = await service.ask(`${API}/config`, 'amy', { headers, method: 'DELETE' });
    expect([400, 403]).toContain(refused.status);
    expect(service.upstream.seen).toEqual([]);
    const passed = await service.ask(TASKS, 'amy', { headers, method: 'GET' });
    expect(passed.status).toBe(200);
  });

  it('passes a body on as it was sent, and one request for one', async () => {
    const body = 'cpu value=1\n'.repeat(1000);
    const chunked = { 'Transfer-Encoding': 'chunked' };
    const path = `${API}/write?db=telegraf`;
    const written = await service.ask(path, 'wim', { method: 'POST', headers: chunked, body });
    expect(written.status).toBe(200);
    const request = `GET ${API}/config HTTP/1.1\r\nHost: x\r\n\r\n`;
    await service.ask(TASKS, 'amy', { method: 'DELETE', headers: chunked, body: request });
    expect(service.upstream.seen).toMatchObject([
      { method: 'POST', url: path, body },
      { method: 'DELETE', url: TASKS, body: request },
    ]);
  });

  it('lets a browser ask what it may send, as nobody', async () => {
    const headers = {
      Origin: 'http://console.example',
      'Access-Control-Request-Method': 'GET',
      'X-Kapacitor-User': 'root',
      'X-Kapacitor-Permissions': 'all',
    };
    const answer = await service.ask(TASKS, undefined, { method: 'OPTIONS', headers });
    expect(answer.status).toBe(200);
    expect(service.upstream.seen).toMatchObject([{ method: 'OPTIONS' }]);
    expect(service.upstream.field('x-kapacitor-user') ?? '').toBe('');
    expect(service.upstream.field('x-kapacitor-permissions')).toBe('none');
  });

  it('refuses a form that another site made a browser send', async () => {
    const headers = { Origin: 'http://evil.example', Host: 'console.example' };
    const answer = await service.ask(TASKS, 'root', { method: 'POST', headers, body: '{}' });
    expect(answer.status).toBe(403);
    const own = { Origin: 'http://console.example', Host: 'console.example' };
    const allowed = await service.ask(TASKS, 'root', { method: 'POST', headers: own, body: '{}' });
    expect(allowed.status).toBe(200);
    expect(service.upstream.seen).toHaveLength(1);
  });

  it('has users managed, and says who one is, without the service', async () => {
    const user = { name: 'new', password: 'new-password', permissions: ['api'] };
    const body = JSON.stringify(user);
    const created = await service.ask(`${API}/users`, 'root', { method: 'POST', body });
    expect(created.status).toBe(200);
    const { body: told } = await service.ask(`${API}/whoami`, 'new');
    expect(JSON.parse(told)).toMatchObject({ name: 'new', permissions: ['api'] });
    expect((await service.ask(`${API}/users`)).headers['www-authenticate']).toEqual(CHALLENGE);
    expect(service.upstream.seen).toEqual([]);
  });

  it.each(['/auth', '/kapacitor-auth'])('does not let clients ask at %s', async (path) => {
    const headers = { 'X-Original-URI': TASKS, 'X-Original-Method': 'GET' };
    const answer = await service.ask(path, 'wim', { headers });
    expect([403, 404]).toContain(answer.status);
    expect(answer.headers['x-kapacitor-user']).toBeUndefined();
    expect(service.upstream.seen).toEqual([]);
  });

  it('logs at kapacitor-auth what was asked for', async () => {
    await service.ask(`${API}/write?db=telegraf&p=x`, 'amy', { method: 'POST' });
    expect(service.log.requests.at(-1)).toMatchObject({
      user: 'amy',
      asks: `POST ${API}/write?db=telegraf`,
      status: 403,
      code: 'ERR_KAUTH_FORBIDDEN',
    });
  });

  it('lets nobody through while nobody can be asked', async () => {
    await service.server.stop();
    const { status, headers, body } = await service.ask(TASKS, 'amy');
    const { status: ownStatus } = await service.ask(`${API}/whoami`, 'amy');
    expect({ status, retryAfter: headers['retry-after'], body, ownStatus }).toEqual(whenDown);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(service.upstream.seen).toEqual([]);
  });
}
