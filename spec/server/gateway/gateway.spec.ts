import { StartedGateway } from './started-gateway.js';

const KEEP_ALIVE = 'Connection: close\r\n';

describe('the gateway', () => {
  let gateway: StartedGateway;

  beforeAll(async () => {
    gateway = await StartedGateway.start();
  });

  beforeEach(() => {
    gateway.upstream.seen.length = 0;
  });

  afterAll(async () => {
    await gateway.stop();
  });

  it('forwards what a user may do, and passes the answer on', async () => {
    const answer = await gateway.fetch('/kapacitor/v1/tasks?limit=1', 'amy');
    expect(answer.status).toBe(200);
    await expect(answer.text()).resolves.toBe('GET /kapacitor/v1/tasks?limit=1');
    expect(answer.headers.get('content-type')).toBe('text/plain');
  });

  it.each([
    [401, undefined, '/kapacitor/v1/tasks', 'unable to parse authentication credentials'],
    [401, undefined, '/debug/vars', 'unable to parse authentication credentials'],
    [401, undefined, '/debug/pprof/heap', 'unable to parse authentication credentials'],
    [
      403,
      'amy',
      '/KAPACITOR/V1/config/smtp',
      'user amy does not have "read" privilege for API endpoint "/KAPACITOR/V1/config/smtp"',
    ],
    [
      403,
      'nobody',
      '/kapacitor/v1/tasks',
      'user nobody does not have "read" privilege for API endpoint "/kapacitor/v1/tasks"',
    ],
    [
      403,
      'amy',
      '/kapacitor/v1/config/smtp',
      'user amy does not have "read" privilege for API endpoint "/kapacitor/v1/config/smtp"',
    ],
    [400, 'root', '/kapacitor/v1//tasks', 'ambiguous path: it holds an empty segment'],
    [
      400,
      'root',
      '/kapacitor/v1/tasks?a=1;b=2',
      'ambiguous query: it holds a semicolon, write %3B',
    ],
    [
      400,
      'root',
      '/kapacitor/v1/tasks?%ff=1',
      'ambiguous query: a name in it holds an escape that is not UTF-8',
    ],
    [
      400,
      'root',
      '/kapacitor/v1/write?db=a&db=b',
      'ambiguous parameter "db": give it once, as db=NAME',
    ],
  ])('answers %i to %s asking for %s, and forwards nothing', async (status, name, path, error) => {
    const method = path.includes('/write') ? 'POST' : 'GET';
    const answer = await gateway.fetch(path, name, { method });
    expect(answer.status).toBe(status);
    await expect(answer.json()).resolves.toEqual({ error, message: error });
    expect(gateway.upstream.seen).toEqual([]);
  });

  it('challenges who is not known', async () => {
    const { headers } = await gateway.fetch('/kapacitor/v1/tasks');
    expect(headers.get('www-authenticate')).toBe('Basic realm="kapacitor", charset="UTF-8"');
  });

  describe('towards the upstream', () => {
    it('keeps method, path, query, body and other fields as they were', async () => {
      await gateway.fetch('/kapacitor/v1/tasks/a%20b?x=%41&y=+&z', 'root', {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/json', 'X-Request-Id': '7' },
        body: '{"status":"enabled"}',
      });
      expect(gateway.upstream.seen).toMatchObject([
        {
          method: 'PATCH',
          url: '/kapacitor/v1/tasks/a%20b?x=%41&y=+&z',
          body: '{"status":"enabled"}',
        },
      ]);
      expect(gateway.upstream.field('x-request-id')).toBe('7');
      expect(gateway.upstream.field('content-length')).toBe('20');
      expect(gateway.upstream.field('host')).toBe(new URL(gateway.upstream.url).host);
    });

    it.each([
      ['http://console.example/tasks', 'http://console.example/tasks'],
      ['http://console.example/?u=amy&p=secret&x=1#y', 'http://console.example/?x=1'],
      ['http://console.example/?%75=amy&%70=secret', 'http://console.example/'],
      ['http://console.example/?x=1;p=secret', 'http://console.example/'],
      ['http://console.example/?%zz=1&p=secret', 'http://console.example/'],
      ['http://amy:secret@console.example/?x', 'http://console.example/?x'],
      ['?p=secret', ''],
    ])('tells of the page %s without credentials', async (page, told) => {
      await gateway.fetch('/kapacitor/v1/ping', 'root', { headers: { Referer: page } });
      expect(gateway.upstream.field('referer') ?? '').toBe(told);
    });

    it.each(['X.Kapacitor.User', 'x.forwarded_for', 'X_Kapacitor_User', 'Remote.User'])(
      'passes on no field that is read as another: %s',
      async (name) => {
        await gateway.fetch('/kapacitor/v1/ping', 'root', { headers: { [name]: 'claimed' } });
        expect(gateway.upstream.seen).toHaveLength(1);
        expect(JSON.stringify(gateway.upstream.seen)).not.toContain('claimed');
      },
    );

    it('writes the path as it was judged', async () => {
      await gateway.fetch('/kapacitor/v1/%74asks/%7Ea', 'root');
      expect(gateway.upstream.seen[0]?.url).toBe('/kapacitor/v1/tasks/~a');
    });

    it.each([
      ['u=root&p=root-password', ''],
      ['u=root&p=root-password&limit=1', '?limit=1'],
      ['a=1&u=root&b=2&p=root-password&c=3', '?a=1&b=2&c=3'],
      ['u=root&p=root-password&u=x&p=y', ''],
      ['u=root&p=root-password&up=1&user=u', '?up=1&user=u'],
    ])('keeps the credentials of ?%s to itself', async (query, left) => {
      const answer = await gateway.fetch(`/kapacitor/v1/ping?${query}`);
      expect(answer.status).toBe(200);
      expect(gateway.upstream.seen[0]?.url).toBe(`/kapacitor/v1/ping${left}`);
      expect(JSON.stringify(gateway.upstream.seen)).not.toContain('root-password');
      expect(gateway.log.text).not.toContain('root-password');
    });

    it('keeps credentials to itself that are written in another way', async () => {
      await gateway.fetch('/kapacitor/v1/ping?%75=root&%70=root-password&x', 'root');
      expect(gateway.upstream.seen[0]?.url).toBe('/kapacitor/v1/ping?x');
    });

    it('says who asks, from where and how', async () => {
      await gateway.fetch('/kapacitor/v1/ping', 'amy');
      expect(gateway.upstream.field('x-kapacitor-user')).toBe('amy');
      expect(gateway.upstream.field('x-forwarded-for')).toBe('127.0.0.1');
      expect(gateway.upstream.field('x-forwarded-proto')).toBe('http');
      expect(gateway.upstream.field('x-forwarded-host')).toBe(new URL(gateway.server.url).host);
    });

    it.each([
      'Authorization: Basic eDp5',
      'Cookie: session=1',
      'Proxy-Authorization: Basic eDp5',
      'X-Kapacitor-User: root',
      'x-kApAcItOr-uSeR: root',
      'X_Kapacitor_User: root',
      'X-Kapacitor_User: root',
      'X-Kapacitor-Permissions: all',
      'X-Forwarded-For: 10.0.0.1',
      'X-Forwarded-User: root',
      'X_Forwarded_For: 10.0.0.1',
      'Forwarded: for=10.0.0.1',
      'X-Real-IP: 10.0.0.1',
      'X-Original-URI: /',
      'X-HTTP-Method-Override: DELETE',
      'X-Remote-User: root',
      'TE: trailers',
      'Upgrade: websocket',
      'Keep-Alive: timeout=5',
      'Proxy-Connection: keep-alive',
      'Connection: close, X-Kapacitor-User, X-Forwarded-For\r\nX-Listed: 1',
      'Connection: close, x-secret\r\nX-Secret: 10.0.0.1',
    ])('never passes on a client’s %j', async (field) => {
      const close = field.startsWith('Connection') ? '' : KEEP_ALIVE;
      const answer = await gateway.send(
        `GET /kapacitor/v1/ping HTTP/1.1\r\nHost: x\r\n${close}${field}\r\n\r\n`,
        'amy',
      );
      expect(answer).toMatch(/^HTTP\/1.1 200 /);
      const { seen } = gateway.upstream;
      expect(seen).toHaveLength(1);
      const ours = [
        'host',
        'connection',
        'x-forwarded-proto',
        'x-kapacitor-user',
        'x-forwarded-host',
        'x-forwarded-for',
      ];
      const names = seen[0]?.fields.map(([name]) => name) ?? [];
      expect(names.filter((name) => name !== 'x-listed').sort()).toEqual(ours.sort());
      expect(gateway.upstream.field('x-kapacitor-user')).toBe('amy');
      expect(gateway.upstream.field('x-forwarded-for')).toBe('127.0.0.1');
    });
  });

  it('answers OPTIONS and what it never forwards itself', async () => {
    const options = await gateway.fetch('/kapacitor/v1/tasks', undefined, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([
      204,
      'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
    ]);
    expect(options.headers.get('access-control-allow-origin')).toBeNull();
    for (const method of ['TRACE', 'PROPFIND', 'PURGE']) {
      const answer = await gateway.send(
        `${method} /kapacitor/v1/tasks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1.1 405 /);
    }
    expect(gateway.upstream.seen).toEqual([]);
  });

  it.each([
    '/kapacitor/v1/users',
    '/kapacitor/v1/users/amy',
    '/kapacitor/v1/USERS',
    '/kapacitor/v1/%75sers',
    '/Kapacitor/V1/users/',
    '/kapacitor/v1preview/users',
    '/kapacitor/v1/whoami',
    '/health',
  ])('answers %s itself', async (path) => {
    const answer = await gateway.fetch(path, 'root');
    expect([200, 404]).toContain(answer.status);
    expect(gateway.upstream.seen).toEqual([]);
    const lines = gateway.log.text.trim().split('\n').slice(-1);
    expect(lines.join()).toContain('"status"');
  });

  it.each(['v1', 'v1preview', 'V1Preview', 'v1%70review'])(
    'shows the user who asks, under %s',
    async (version) => {
      const answer = await gateway.fetch(`/kapacitor/${version}/whoami`, 'amy');
      await expect(answer.json()).resolves.toMatchObject({ name: 'amy' });
      expect(gateway.upstream.seen).toEqual([]);
    },
  );

  it('answers other proxies, and never asks the upstream for them', async () => {
    const ask = (target: string) =>
      gateway.fetch('/auth', 'amy', {
        headers: { 'X-Forwarded-Uri': target, 'X-Forwarded-Method': 'GET' },
      });
    const passed = await ask('/kapacitor/v1/tasks');
    expect([passed.status, passed.headers.get('x-kapacitor-user')]).toEqual([200, 'amy']);
    expect((await ask('/kapacitor/v1/config')).status).toBe(403);
    expect((await gateway.fetch('/auth', 'amy')).status).toBe(400);
    expect(gateway.upstream.seen).toEqual([]);
  });

  it('tells whether users can be authenticated to who has no credentials', async () => {
    const answer = await gateway.fetch('/health');
    expect(answer.status).toBe(200);
    await expect(answer.json()).resolves.toEqual({ status: 'pass' });
  });

  it('refuses a form that another site made a browser send', async () => {
    const headers = { Origin: 'https://evil.example', 'Content-Type': 'text/plain' };
    const init = { method: 'POST', headers, body: '{"id":"x"}' };
    const answer = await gateway.fetch('/kapacitor/v1/tasks', 'root', init);
    expect(answer.status).toBe(403);
    expect(gateway.upstream.seen).toEqual([]);
  });

  it('logs a line a request, with the name and without credentials', async () => {
    await gateway.fetch('/kapacitor/v1/tasks?u=root&p=root-password', 'amy');
    const line: unknown = JSON.parse(gateway.log.text.trim().split('\n').at(-1) ?? '');
    expect(line).toMatchObject({
      user: 'amy',
      method: 'GET',
      path: '/kapacitor/v1/tasks',
      status: 200,
    });
  });
});
