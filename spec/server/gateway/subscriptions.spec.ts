import { devNull } from 'node:os';
import { join } from 'node:path';
import type { GrantedSubscription, KapacitorAuth, NewSubscription } from '../../../lib/index.js';
import { kapacitorAuth } from '../../../lib/index.js';
import { basic } from '../../support/open-auth.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { StartedGateway } from './started-gateway.js';

const LINE = 'cpu,host=a value=1 1500000000000000000\n';

const path = join(temporaryFolder(), 'users.db');
let gateway: StartedGateway;
/** Another process' connection to the same users. */
let elsewhere: KapacitorAuth;

beforeAll(async () => {
  gateway = await StartedGateway.start({ store: { type: 'sqlite', path } });
  elsewhere = kapacitorAuth({ configFile: devNull, store: { path } });
});

afterAll(async () => {
  await elsewhere.close();
  await gateway.stop();
});

beforeEach(() => {
  gateway.upstream.seen.length = 0;
});

async function grant(wish: NewSubscription): Promise<GrantedSubscription> {
  const { subscriptions } = elsewhere;
  if (subscriptions === undefined) throw new Error('SQLite keeps subscriptions');
  return subscriptions.grant(wish);
}

/** A request as InfluxDB 1.x makes it when it pushes points. */
function push(target: string, token: string, method = 'POST'): Promise<Response> {
  const headers = {
    Authorization: basic('~subscriber', token),
    'User-Agent': 'InfluxDBClient',
    'Content-Type': '',
  };
  const body = method === 'POST' ? LINE : null;
  return gateway.fetch(target, undefined, { method, headers, body });
}

describe('a gateway that an InfluxDB pushes to', () => {
  it.each(['/write', '/kapacitor/v1/write'])('forwards its points: POST %s', async (place) => {
    const { token } = await grant({ database: 'telegraf', retentionPolicy: 'autogen' });
    const target = `${place}?consistency=&db=telegraf&precision=ns&rp=autogen`;
    expect((await push(target, token)).status).toBe(200);
    const [seen] = gateway.upstream.seen;
    expect(seen).toMatchObject({ method: 'POST', url: target, body: LINE });
    expect(gateway.upstream.field('x-kapacitor-user')).toBe('~subscriber');
    expect(gateway.upstream.field('authorization')).toBeUndefined();
    expect(JSON.stringify(gateway.upstream.seen)).not.toContain(token);
    expect(gateway.log.text).not.toContain(token);
    expect(gateway.log.requests.at(-1)).toMatchObject({ user: '~subscriber', status: 200 });
  });

  it('forwards its ping and no other request', async () => {
    const { token } = await grant({ database: 'telegraf' });
    expect((await push('/kapacitor/v1/ping', token, 'GET')).status).toBe(200);
    for (const target of ['/kapacitor/v1/tasks', '/kapacitor/v1/config', '/query?db=telegraf']) {
      expect([target, (await push(target, token, 'GET')).status]).toEqual([target, 403]);
    }
    expect((await push('/kapacitor/v1/users', token)).status).toBe(403);
    expect((await push('/kapacitor/v1/tasks', token, 'DELETE')).status).toBe(403);
    expect(gateway.upstream.seen.map(({ url }) => url)).toEqual(['/kapacitor/v1/ping']);
  });

  it.each([
    ['another database', 'db=other&rp=autogen', 403],
    ['another retention policy', 'db=telegraf&rp=monthly', 403],
    ['no retention policy', 'db=telegraf', 403],
    ['no database', 'rp=autogen', 403],
    ['two databases', 'db=telegraf&db=other&rp=autogen', 400],
    ['two retention policies', 'db=telegraf&rp=autogen&rp=monthly', 400],
  ])('does not forward points for %s', async (_what, query, status) => {
    const { token } = await grant({ database: 'telegraf', retentionPolicy: 'autogen' });
    expect((await push(`/write?${query}`, token)).status).toBe(status);
    expect(gateway.upstream.seen).toEqual([]);
  });

  it('refuses unknown tokens as Kapacitor does, and never tells them to anyone', async () => {
    const { token } = await grant({ database: 'telegraf' });
    const wrong = `${token.slice(0, -8)}AAAAAAAA`;
    const refused = await push('/write?db=telegraf', wrong);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toEqual({
      error: 'invalid subscription token',
      message: 'invalid subscription token',
    });
    const asQuery = `/write?db=telegraf&u=~subscriber&p=${token}`;
    expect((await gateway.fetch(asQuery, undefined, { method: 'POST', body: LINE })).status).toBe(
      401,
    );
    expect(gateway.upstream.seen).toEqual([]);
    expect(gateway.log.text).not.toContain(wrong);
    expect(gateway.log.text).not.toContain(token);
  });
});
