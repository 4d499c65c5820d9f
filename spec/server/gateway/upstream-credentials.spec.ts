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

  it('are the upstream’s business: its 401 is not the client’s', async () => {
    const gateway = await StartedGateway.start();
    gateway.upstream.answer = (_request, response) => {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic' }).end();
    };
    const answer = await gateway.fetch('/kapacitor/v1/tasks', 'amy');
    expect(answer.status).toBe(502);
    expect(answer.headers.get('www-authenticate')).toBeNull();
    await expect(answer.json()).resolves.toMatchObject({
      error: "the upstream refused the gateway's credentials: see upstream-username in [gateway]",
    });
    await gateway.stop();
  });
});
