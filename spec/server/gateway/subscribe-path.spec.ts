import { readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import type { KapacitorAuth } from '../../../lib/index.js';
import { kapacitorAuth } from '../../../lib/index.js';
import { basic } from '../../support/open-auth.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { RawConnection } from '../connection/raw-connection.js';
import { login, StartedGateway } from './started-gateway.js';

const LINE = 'cpu,host=a value=1 1500000000000000000\n';
const QUERY = 'consistency=&db=telegraf&precision=ns&rp=autogen';

const folder = temporaryFolder();
const path = join(folder, 'users.db');
const auditLog = join(folder, 'audit.log');
let gateway: StartedGateway;
let elsewhere: KapacitorAuth;
let everywhere: string;
let telegraf: string;

beforeAll(async () => {
  gateway = await StartedGateway.start({
    store: { type: 'sqlite', path },
    audit: { path: auditLog },
  });
  elsewhere = kapacitorAuth({ configFile: devNull, store: { path } });
  const { subscriptions } = elsewhere;
  everywhere = (await subscriptions?.grant({ everyDatabase: true }))?.token ?? '';
  telegraf = (await subscriptions?.grant({ database: 'telegraf' }))?.token ?? '';
  await elsewhere.users?.create({ name: 'root', password: 'root-password', type: 'admin' });
});

beforeEach(() => {
  gateway.upstream.seen.length = 0;
});

afterAll(async () => {
  await elsewhere.close();
  await gateway.stop();
});

function push(target: string, headers: Record<string, string> = {}, method = 'POST') {
  const body = method === 'POST' ? LINE : null;
  return gateway.fetch(target, undefined, { method, headers, body });
}

describe('a token in the path of a write', () => {
  it.each(['telegraf', 'other'])('lets an InfluxDB push points of %s', async (database) => {
    const query = QUERY.replace('telegraf', database);
    const answer = await push(`/subscribe/${everywhere}/write?${query}`);
    expect(answer.status).toBe(200);
    expect(gateway.upstream.seen).toMatchObject([
      { method: 'POST', url: `/write?${query}`, body: LINE },
    ]);
    expect(gateway.upstream.field('x-kapacitor-user')).toBe('~subscriber');
    expect(JSON.stringify(gateway.upstream.seen)).not.toContain(everywhere);
  });

  it.each([
    ['Kapacitor’s own token', () => basic('~subscriber', 'a-token-of-kapacitor')],
    ['a user who may do more', () => login('root').Authorization],
  ])('counts alone: beside %s', async (_what, authorization) => {
    const headers = { Authorization: authorization() };
    const write = (token: string, query: string) =>
      push(`/subscribe/${token}/write?${query}`, headers);
    expect((await write(telegraf, QUERY)).status).toBe(200);
    expect((await write(telegraf, QUERY.replace('telegraf', 'other'))).status).toBe(403);
    expect((await write('no-such-token', QUERY)).status).toBe(401);
    expect((await write('no-such-token', `${QUERY}&u=root&p=root-password`)).status).toBe(401);
    expect(gateway.upstream.seen).toHaveLength(1);
    expect(gateway.upstream.field('authorization')).toBeUndefined();
  });

  it.each([
    ['POST', '/write', 403],
    ['GET', `/write?${QUERY}`, 403],
    ['DELETE', `/write?${QUERY}`, 403],
    ['GET', '/ping', 404],
    ['GET', '/kapacitor/v1/tasks', 404],
    ['POST', `/write/x?${QUERY}`, 404],
    ['POST', `/../write?${QUERY}`, 404],
    ['POST', '', 404],
  ])('allows nothing else: %s %s', async (method, rest, status) => {
    const connection = new RawConnection(gateway.server.url);
    connection.write(
      `${method} /subscribe/${everywhere}${rest} HTTP/1.1\r\nHost: x\r\nAuthorization: ${login('root').Authorization}\r\nConnection: close\r\n\r\n`,
    );
    await connection.ended;
    expect(connection.statuses).toEqual([status]);
    expect(gateway.upstream.seen).toEqual([]);
  });

  it.each(['/Subscribe/', '/%73ubscribe/', '/SUBSCRIBE/'])(
    'never reaches the upstream in a path: %s',
    async (place) => {
      await push(`${place}${everywhere}/x?${QUERY}`, login('root'));
      expect(gateway.upstream.seen).toEqual([]);
    },
  );

  it('is in no log', () => {
    const told = gateway.log.text + readFileSync(auditLog, 'utf8');
    expect(told).toContain('/subscribe/(hidden)/write');
    for (const token of [everywhere, telegraf]) expect(told).not.toContain(token);
  });
});
