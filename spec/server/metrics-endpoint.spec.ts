import { devNull } from 'node:os';
import type { KapacitorAuthOptions } from '../../lib/index.js';
import { MemoryUserStore } from '../../lib/index.js';
import type { RunningServer } from '../../lib/server/start-server.js';
import { startServer } from '../../lib/server/start-server.js';
import { parseScrape } from '../observe/scrape.js';
import { RecordingUpstream } from './gateway/recording-upstream.js';
import { login } from './gateway/started-gateway.js';
import { WrittenLog } from './written-log.js';

const USERS = [
  { name: 'root', password: 'root-password', type: 'admin' as const },
  { name: 'amy', password: 'amy-password', permissions: ['api' as const] },
];

describe.each(['alone', 'as a gateway'])('GET /metrics of a server %s', (how) => {
  let upstream: RecordingUpstream;
  const running: RunningServer[] = [];

  beforeEach(async () => {
    upstream = await RecordingUpstream.start();
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
    await upstream.stop();
  });

  async function start(options: KapacitorAuthOptions): Promise<string> {
    const server = await startServer({
      host: '127.0.0.1',
      port: 0,
      options: {
        configFile: devNull,
        store: new MemoryUserStore(USERS),
        ...(how === 'alone' ? {} : { gateway: { upstream: upstream.url } }),
        ...options,
      },
      logger: new WrittenLog().logger,
    });
    running.push(server);
    return server.url;
  }

  it.each<['admin' | 'open', string | undefined, string, number]>([
    ['open', undefined, '/metrics', 200],
    ['open', 'amy', '/METRICS/?x', 200],
    ['open', undefined, '/metrics/users', 401],
    ['admin', 'root', '/metrics', 200],
    ['admin', 'root', '/Metrics', 200],
    ['admin', 'root', '/%6detrics', 200],
    ['admin', 'amy', '/metrics', 403],
    ['admin', undefined, '/metrics', 401],
  ])('where it is %s answers %s who asks for %s with %i', async (endpoint, user, path, status) => {
    const url = await start({ metrics: { endpoint } });
    const headers = user === undefined ? {} : login(user);
    const answer = await fetch(url + path, { headers });
    expect(answer.status).toBe(status);
    expect(upstream.seen).toEqual([]);
    if (status !== 200) return;
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const series = Object.entries(parseScrape(await answer.text()));
    expect(series.length).toBeGreaterThan(40);
    expect(series.filter(([, value]) => Number.isNaN(value))).toEqual([]);
  });

  it('is not there unless it is switched on', async () => {
    const url = await start({});
    expect((await fetch(`${url}/metrics`)).status).toBe(401);
    const answer = await fetch(`${url}/metrics`, { headers: login('root') });
    const text = await answer.text();
    expect(text).not.toContain('kapacitor_auth');
    // What has metrics of its own still shows them through a gateway.
    expect([answer.status, text]).toEqual(
      how === 'alone' ? [404, expect.stringContaining('Not Found')] : [200, 'GET /metrics'],
    );
  });

  it('counts what was refused, wherever that was', async () => {
    const url = await start({ metrics: { endpoint: 'open' } });
    const ask = (path: string, user: string) => fetch(url + path, { headers: login(user) });
    await ask('/kapacitor/v1/config', 'amy');
    await ask('/kapacitor/v1/users', 'amy');
    await ask('/kapacitor/v1/users', 'nobody');
    await ask('/kapacitor/v1/tasks', 'nobody');
    const found = parseScrape(await (await fetch(`${url}/metrics`)).text());
    const count = (outcome: string, code = '') =>
      found[`kapacitor_auth_requests_total{outcome="${outcome}",code="${code}"}`];
    expect(count('authenticated')).toBe(2);
    expect(count('forbidden', 'ERR_KAUTH_FORBIDDEN')).toBe(1);
    expect(count('rejected', 'ERR_KAUTH_FAILED')).toBe(2);
  });
});
