import { MemoryUserStore } from '../../../lib/index.js';
import { basic } from '../../support/open-auth.js';
import {
  audited,
  auditedOnce,
  counted,
  REPORTED,
  startReporting as start,
} from './reporting-gateway.js';
import type { GatewayRequest } from './started-gateway.js';
import { login, StartedGateway, USERS } from './started-gateway.js';

describe('a gateway that only reports', () => {
  const old = { Authorization: basic('old', 'old-password') };
  const crossSite = { ...login('amy'), 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil' };

  it.each<[string, string, GatewayRequest, string, string | undefined]>([
    ['no credentials', '/kapacitor/v1/tasks', {}, 'ERR_KAUTH_CREDENTIALS_MISSING', undefined],
    [
      'what is no credentials',
      '/kapacitor/v1/tasks',
      { headers: { Authorization: 'Basic !' } },
      'ERR_KAUTH_CREDENTIALS_MALFORMED',
      undefined,
    ],
    [
      'a wrong password',
      '/kapacitor/v1/tasks',
      { headers: { Authorization: basic('amy', 'wrong') } },
      'ERR_KAUTH_FAILED',
      'amy',
    ],
    [
      'a user that only the upstream knows',
      '/kapacitor/v1/tasks?a=1',
      { headers: old },
      'ERR_KAUTH_FAILED',
      undefined,
    ],
    [
      'credentials in the query',
      '/kapacitor/v1/tasks?u=old&p=old-password&a=%7e',
      {},
      'ERR_KAUTH_FAILED',
      undefined,
    ],
    [
      'a missing privilege',
      '/kapacitor/v1/config',
      { headers: login('amy') },
      'ERR_KAUTH_FORBIDDEN',
      'amy',
    ],
    [
      'a missing privilege that the upstream does not miss',
      '/kapacitor/v1/storage/stores',
      { headers: login('amy') },
      'ERR_KAUTH_FORBIDDEN',
      'amy',
    ],
    [
      'a query that can be read in several ways',
      '/kapacitor/v1/tasks?a=1;b=2',
      { headers: login('amy') },
      'ERR_KAUTH_AMBIGUOUS_PATH',
      'amy',
    ],
    [
      'two databases',
      '/write?db=a&db=b',
      { headers: login('root'), method: 'POST', body: 'm v=1' },
      'ERR_KAUTH_AMBIGUOUS_PATH',
      'root',
    ],
    [
      'a page of another origin',
      '/kapacitor/v1/tasks',
      { headers: crossSite, method: 'POST', body: '{}' },
      'ERR_KAUTH_FORBIDDEN',
      'amy',
    ],
  ])('lets %s pass as it is, and reports it', async (_what, path, init, code, user) => {
    const gateway = await start();
    const through = await gateway.fetch(path, undefined, init);
    const direct = await fetch(gateway.upstream.url + path, init);
    expect(through.status).toBe(direct.status);
    expect(await through.text()).toBe(await direct.text());
    const challenge = 'www-authenticate';
    expect(through.headers.get(challenge)).toBe(direct.headers.get(challenge));
    const [seen, directly] = gateway.upstream.seen;
    expect([seen?.method, seen?.url, seen?.body]).toEqual([
      directly?.method,
      directly?.url,
      directly?.body,
    ]);
    expect(gateway.upstream.seen).toHaveLength(2);
    expect(await auditedOnce(gateway)).toEqual([
      expect.objectContaining({ reported: true, code, path: path.replace(/\?.*/, '') }),
    ]);
    expect(audited(gateway)[0]?.user).toBe(user);
    expect(audited(gateway)[0]?.address).toBe('127.0.0.1');
    await expect(counted(gateway, REPORTED)).resolves.toBe(1);
  });

  it('reports nothing of what is allowed, and tells the user in the log of requests', async () => {
    const gateway = await start();
    // This answer waits until the password was compared, and those that pass don't.
    await (await gateway.fetch('/kapacitor/v1/whoami', 'amy')).text();
    const answer = await gateway.fetch('/kapacitor/v1/tasks', 'amy');
    await expect(answer.text()).resolves.toBe('GET /kapacitor/v1/tasks for amy');
    expect((await gateway.log.linesOnce('request', 2)).at(-1)).toMatchObject({
      user: 'amy',
      status: 200,
    });
    await gateway.fetch('/kapacitor/v1/config', 'amy');
    await auditedOnce(gateway);
    expect((await gateway.log.linesOnce('request', 3)).at(-1)).toMatchObject({
      status: 403,
      reported: 'ERR_KAUTH_FORBIDDEN',
    });
    await expect(counted(gateway, REPORTED)).resolves.toBe(1);
  });

  it("passes the client's credentials and cookies on, and nothing that only a proxy may say", async () => {
    const gateway = await start();
    const sent = {
      Cookie: 'theirs=1; kauth=secret; a=b; __Host-kauth=secret',
      'X-Kapacitor-User': 'root',
      X_Kapacitor_User: 'root',
      'X-Forwarded-For': '203.0.113.7',
      'X-Forwarded-User': 'root',
      'Remote-User': 'root',
      'X-Original-URL': '/kapacitor/v1/config',
      'X-HTTP-Method-Override': 'DELETE',
      'X-Method-Override': 'DELETE',
      'X-HTTP-Method': 'DELETE',
      'X-Rewrite-URL': '/kapacitor/v1/config',
      'X-Remote-User': 'root',
      'X-Real-IP': '203.0.113.7',
      Forwarded: 'for=203.0.113.7',
      Via: '1.1 other',
      'Any.Name': 'x',
      'Proxy-Authorization': 'Basic cm9vdA==',
    };
    const answer = await gateway.fetch('/kapacitor/v1/t%61sks/%7Ea?p=x', 'amy', { headers: sent });
    expect(answer.headers.getSetCookie()).toEqual(['theirs=1']);
    const { upstream } = gateway;
    expect(upstream.seen.at(-1)?.url).toBe('/kapacitor/v1/t%61sks/%7Ea?p=x');
    expect(upstream.field('authorization')).toBe(login('amy').Authorization);
    expect(upstream.field('cookie')).toBe('theirs=1; a=b');
    expect(upstream.field('x-forwarded-for')).toBe('127.0.0.1');
    const others = upstream.seen.at(-1)?.fields.map(([name]) => name) ?? [];
    expect(
      others.filter((name) =>
        /kapacitor|user$|original|method|rewrite|proxy-auth|real-ip|^forwarded$|^via$|[._]/.test(
          name,
        ),
      ),
    ).toEqual([]);
  });

  it('passes no cookie on if there is only the session of its own pages', async () => {
    const gateway = await start({ pages: { enabled: true } });
    await gateway.fetch('/kapacitor/v1/tasks', 'amy', { headers: { Cookie: 'kauth=secret' } });
    expect(gateway.upstream.field('cookie')).toBeUndefined();
  });

  it.each([
    ['a path with an empty segment', '/kapacitor/v1//tasks', ''],
    ['a path with dot segments', '/x/../kapacitor/v1/users', ''],
    ['an escaped slash', '/kapacitor/v1/tasks%2Fusers', ''],
    ['another host', 'http://other.example/kapacitor/v1/tasks', ''],
    ['two lengths', '/kapacitor/v1/tasks', 'Content-Length: 0\r\nTransfer-Encoding: chunked\r\n'],
    ['a body that is too large', '/kapacitor/v1/tasks', 'Content-Length: 11\r\n'],
  ])('refuses %s still: it is no sound HTTP', async (_what, target, fields) => {
    const gateway = await start({}, { maxBodySize: 10 });
    const head = `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${fields}\r\n`;
    const answer = await gateway.send(head, 'amy');
    expect(answer).toMatch(/^HTTP\/1\.1 4(?:00|13) /);
    expect(gateway.upstream.seen).toEqual([]);
    await expect(counted(gateway, REPORTED)).resolves.toBe(0);
  });

  it('judges the first of two Authorization, and passes on only that', async () => {
    const gateway = await start();
    const second = `Authorization: ${login('root').Authorization}\r\n`;
    const head = `GET /kapacitor/v1/config HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${second}\r\n`;
    await expect(gateway.send(head, 'amy')).resolves.toMatch(/^HTTP\/1\.1 403 .*amy may not/s);
    expect(gateway.upstream.field('authorization')).toBe(login('amy').Authorization);
    expect(await auditedOnce(gateway)).toMatchObject([{ user: 'amy', reported: true }]);
  });

  it('leaves a body as it is, and does not read the ids in it', async () => {
    const gateway = await start({}, { readTasks: true });
    const body = '{"id":"x", "id" : "y"';
    const answer = await gateway.fetch('/kapacitor/v1/tasks', 'amy', { method: 'POST', body });
    expect(answer.status).toBe(200);
    expect(gateway.upstream.seen.at(-1)?.body).toBe(body);
  });

  it('tells so at /health, and in the log at the start', async () => {
    const gateway = await start();
    const answer = await gateway.fetch('/health');
    await expect(answer.json()).resolves.toEqual({ status: 'pass', enforce: 'report' });
    expect(gateway.log.text).toContain('"level":40');
    expect(gateway.log.text).toContain('WRN_KAUTH_REPORT_ONLY: auth.enforce (code) is');
  });

  it('does not end what runs when its user is gone, as an enforcing gateway does', async () => {
    const store = new MemoryUserStore(USERS);
    const gateway = await start({ store });
    const enforcing = await StartedGateway.start({ store, auth: { bcryptCost: 4 } });
    try {
      const finish: (() => void)[] = [];
      for (const { upstream } of [gateway, enforcing]) {
        upstream.answer = (_request, response) => {
          response.write('begun, ');
          finish.push(() => response.end('done'));
        };
      }
      const answer = await gateway.fetch('/kapacitor/v1/logs', 'amy');
      const other = await enforcing.fetch('/kapacitor/v1/logs', 'amy');
      const deleted = await gateway.fetch('/kapacitor/v1/users/amy', 'root', { method: 'DELETE' });
      expect(deleted.status).toBe(204);
      await expect(other.text()).rejects.toThrow();
      finish[0]?.();
      await expect(answer.text()).resolves.toBe('begun, done');
    } finally {
      await enforcing.stop();
    }
  });
});
