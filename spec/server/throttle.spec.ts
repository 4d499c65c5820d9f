import { devNull } from 'node:os';
import type { KapacitorAuthOptions } from '../../lib/index.js';
import { MemoryUserStore } from '../../lib/index.js';
import { startServer } from '../../lib/server/start-server.js';
import { basic } from '../support/open-auth.js';
import { RecordingUpstream } from './gateway/recording-upstream.js';
import { WrittenLog } from './written-log.js';

const HERE = '203.0.113.7';
const ELSEWHERE = '198.51.100.8';

describe.each([
  ['the server', false, '/kapacitor/v1/ping'],
  ['the gateway', true, '/kapacitor/v1/tasks'],
  ['the users API of the gateway', true, '/kapacitor/v1/users'],
])('%s', (_what, isGateway, path) => {
  const stops: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  async function start(options: KapacitorAuthOptions) {
    const upstream = await RecordingUpstream.start();
    stops.push(() => upstream.stop());
    const log = new WrittenLog();
    const server = await startServer({
      host: '127.0.0.1',
      port: 0,
      logger: log.logger,
      options: {
        configFile: devNull,
        store: new MemoryUserStore([{ name: 'root', password: 'root-pw', type: 'admin' }]),
        throttle: { failuresPerUser: 2 },
        ...options,
        gateway: { ...options.gateway, upstream: isGateway ? upstream.url : undefined },
      },
    });
    stops.push(() => server.stop());
    const login = (password: string, from: string) =>
      fetch(server.url + path, {
        headers: { Authorization: basic('root', password), 'X-Forwarded-For': from },
      });
    return { log, login, upstream };
  }

  async function statuses(answers: readonly Promise<Response>[]): Promise<number[]> {
    return (await Promise.all(answers)).map(({ status }) => status);
  }

  it('counts failed logins by the address that a trusted proxy tells', async () => {
    const { log, login, upstream } = await start({ gateway: { trustedProxies: '127.0.0.1' } });
    expect(await statuses([login('a', HERE), login('b', HERE)])).toEqual([401, 401]);
    const refused = await login('root-pw', HERE);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    await expect(refused.json()).resolves.toMatchObject({
      error: expect.stringContaining('too many failed logins'),
    });
    expect((await login('root-pw', ELSEWHERE)).ok).toBe(true);
    const lines = log.requests.map(({ address, status, code }) => ({ address, status, code }));
    expect(lines.slice(2, 3)).toEqual([
      { address: HERE, status: 429, code: 'ERR_KAUTH_THROTTLED' },
    ]);
    expect(lines[3]).toMatchObject({ address: ELSEWHERE });
    if (path.endsWith('/tasks')) expect(upstream.field('x-forwarded-for')).toBe(ELSEWHERE);
    expect(log.text).not.toContain('WRN_KAUTH_PROXY_NOT_TRUSTED');
  });

  it('believes nobody else, and says so', async () => {
    const { log, login } = await start({ gateway: { trustedProxies: '10.0.0.0/8' } });
    expect(await statuses([login('a', HERE), login('b', ELSEWHERE)])).toEqual([401, 401]);
    expect((await login('root-pw', '192.0.2.1')).status).toBe(429);
    expect(new Set(log.requests.map(({ address }) => address))).toEqual(new Set(['127.0.0.1']));
    expect(log.text.match(/WRN_KAUTH_PROXY_NOT_TRUSTED/g)).toHaveLength(1);
  });
});
