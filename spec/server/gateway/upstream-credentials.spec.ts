import { verify } from 'jsonwebtoken';
import { basic } from '../../support/open-auth.js';
import { StartedGateway } from './started-gateway.js';

describe('the gateway’s own credentials', () => {
  const SECRET = 'the shared secret of the upstream, long enough';

  it('are a name and password', async () => {
    const gateway = await StartedGateway.start({
      gateway: { upstreamUsername: 'gate', upstreamPassword: 'way:1' },
    });
    await gateway.fetch('/kapacitor/v1/ping', 'amy');
    expect(gateway.upstream.field('authorization')).toBe(basic('gate', 'way:1'));
    await gateway.stop();
  });

  it('are a token where the upstream shares a secret', async () => {
    const gateway = await StartedGateway.start({
      gateway: { upstreamUsername: 'gate', upstreamSharedSecret: SECRET },
    });
    await gateway.fetch('/kapacitor/v1/ping', 'amy');
    const [scheme, token = ''] = gateway.upstream.field('authorization')?.split(' ') ?? [];
    expect(scheme).toBe('Bearer');
    expect(verify(token, SECRET, { algorithms: ['HS256'] })).toMatchObject({ username: 'gate' });
    await gateway.fetch('/kapacitor/v1/ping', 'root');
    expect(gateway.upstream.field('authorization')).toBe(`Bearer ${token}`);
    await gateway.stop();
  });

  const account = { upstreamUsername: 'gate', upstreamPassword: 'way:1' };
  const plain = { 'Content-Type': 'text/plain; charset=utf-8' };
  const json = { 'Content-Type': 'application/json', 'WWW-Authenticate': 'Basic' };
  const write = '/kapacitor/v1/write?db=x';

  it.each([
    ['wrong credentials', account, 401, json, '/kapacitor/v1/tasks', /refused the gateway's cred/],
    ['wrong credentials in plain text', account, 401, plain, '/x', /refused the gateway's cred/],
    ['wrong credentials for a write', account, 401, json, write, /refused the gateway's cred/],
    [
      'no credentials',
      {},
      401,
      json,
      '/kapacitor/v1/tasks',
      /asks for credentials: set upstream-u/,
    ],
    ['a write', account, 401, plain, write, /make it an administrator there/],
    ['anything else', account, 403, json, '/kapacitor/v1/tasks', /make it an administrator there/],
  ] as const)(
    'are the upstream’s business: what it refuses is 502 for clients, and the log says why (%s)',
    async (_what, options, status, fields, path, why) => {
      const gateway = await StartedGateway.start({ gateway: options });
      gateway.upstream.answer = (_request, response) => {
        response.writeHead(status, fields).end('{"error":"user gate is not authorized"}');
      };
      const body = path === write ? 'cpu v=1' : undefined;
      const method = path === write ? 'POST' : 'GET';
      const answer = await gateway.fetch(path, 'root', { method, ...(body && { body }) });
      expect(answer.status).toBe(502);
      expect(answer.headers.get('www-authenticate')).toBeNull();
      const error = 'the upstream refused the gateway';
      await expect(answer.json()).resolves.toEqual({ error, message: error });
      expect(gateway.log.requests.at(-1)).toMatchObject({
        status: 502,
        cause:
          status === 403 || (path === write && fields === plain)
            ? 'UPSTREAM_PERMISSION'
            : 'UPSTREAM_CREDENTIALS',
        why: expect.stringMatching(why) as unknown,
      });
      expect(gateway.log.text).not.toContain('way:1');
      await gateway.stop();
    },
  );

  it('are none of a 403 where the gateway has no account', async () => {
    const gateway = await StartedGateway.start();
    gateway.upstream.answer = (_request, response) => {
      response.writeHead(403).end('not for you');
    };
    const answer = await gateway.fetch('/kapacitor/v1/tasks', 'amy');
    expect(answer.status).toBe(403);
    await expect(answer.text()).resolves.toBe('not for you');
    await gateway.stop();
  });
});
