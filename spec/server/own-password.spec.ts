import { join } from 'node:path';
import type { KapacitorAuth } from '../../lib/index.js';
import { kapacitorAuth } from '../../lib/index.js';
import type { RunningServer } from '../../lib/server/start-server.js';
import { startServer } from '../../lib/server/start-server.js';
import { basic, bearer, SECRET } from '../support/open-auth.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { RecordingUpstream } from './gateway/recording-upstream.js';
import { WrittenLog } from './written-log.js';

const USERS = '/kapacitor/v1/users';

describe.each([
  ['serve', false],
  ['a gateway', true],
])('the own password, at %s with users in SQLite', (_which, isGateway) => {
  const path = join(temporaryFolder(), 'users.db');
  const options = {
    configFile: false,
    store: { path },
    http: { sharedSecret: SECRET },
    auth: { bcryptCost: 4 },
  } as const;
  let log: WrittenLog;
  let elsewhere: KapacitorAuth;
  let upstream: RecordingUpstream;
  let server: RunningServer;

  beforeAll(async () => {
    elsewhere = kapacitorAuth(options);
    await elsewhere.users?.create({ name: 'root', password: 'root-pw', type: 'admin' });
    await elsewhere.users?.create({ name: 'bob', password: 'bob-pw' });
    upstream = await RecordingUpstream.start();
    const gateway = isGateway ? { upstream: upstream.url } : {};
    log = new WrittenLog();
    const { logger } = log;
    server = await startServer({
      ...{ host: '127.0.0.1', port: 0, logger },
      options: { ...options, gateway },
    });
  });

  beforeEach(async () => {
    expect(await asRoot('POST', '', { name: 'amy', password: 'amy-pw' })).toBe(200);
  });

  afterEach(async () => {
    expect(upstream.seen).toEqual([]);
    expect(await asRoot('DELETE', '/amy')).toBe(204);
  });

  afterAll(async () => {
    await server.stop();
    await upstream.stop();
    await elsewhere.close();
  });

  async function asRoot(method: string, path: string, body?: object): Promise<number> {
    const headers = { Authorization: basic('root', 'root-pw') };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    return (await fetch(server.url + USERS + path, init)).status;
  }

  /** 403 if it is the right one: amy may do nothing; else 401. */
  async function statusOf(password: string): Promise<number> {
    const headers = { Authorization: basic('amy', password) };
    return (await fetch(`${server.url}/kapacitor/v1/ping`, { headers })).status;
  }

  async function patch(
    target: string,
    authorization: string | undefined,
    body: object = { password: 'fresh-pw' },
  ): Promise<number> {
    const headers = authorization === undefined ? undefined : { Authorization: authorization };
    const init = { method: 'PATCH', body: JSON.stringify(body), ...(headers && { headers }) };
    return (await fetch(`${server.url}${USERS}/${target}`, init)).status;
  }

  it('is changed by its user with Basic credentials, at once and for all processes', async () => {
    expect(await statusOf('amy-pw')).toBe(403);
    expect(await patch('amy', basic('amy', 'amy-pw'))).toBe(200);
    expect([await statusOf('amy-pw'), await statusOf('fresh-pw')]).toEqual([401, 403]);
    const request = { headers: {} };
    await expect(elsewhere.verify('amy', 'fresh-pw', request)).resolves.toMatchObject({
      name: 'amy',
    });
    await expect(elsewhere.verify('amy', 'amy-pw', request)).rejects.toThrow();
    expect(log.text).not.toMatch(/amy-pw|fresh-pw|\$2b\$/);
  });

  it.each<[string, () => Promise<string>, string, number]>([
    ['a token', () => Promise.resolve(bearer('amy')), 'amy', 403],
    ['a token of another user', () => Promise.resolve(bearer('bob')), 'amy', 403],
    ['another user', () => Promise.resolve(basic('bob', 'bob-pw')), 'amy', 403],
    ['name and password in the query', () => Promise.resolve(''), 'amy?u=amy&p=amy-pw', 403],
    ['a token beside them', () => Promise.resolve(bearer('amy')), 'amy?u=amy&p=amy-pw', 403],
    ['a token for a database', databaseToken, 'amy', 403],
    ['a wrong password', () => Promise.resolve(basic('amy', 'guess')), 'amy', 401],
    ['nothing', () => Promise.resolve(''), 'amy', 401],
  ])('is not changed by %s', async (_what, authorization, target, status) => {
    const sent = await authorization();
    expect(await patch(target, sent === '' ? undefined : sent)).toBe(status);
    expect([await statusOf('amy-pw'), await statusOf('fresh-pw')]).toEqual([403, 401]);
  });

  it('is all that a user may change so', async () => {
    const own = basic('amy', 'amy-pw');
    for (const more of [{ type: 'admin' }, { permissions: ['all'] }, { disabled: false }]) {
      expect(await patch('amy', own, { password: 'fresh-pw', ...more })).toBe(403);
      expect(await patch('amy', own, more)).toBe(403);
    }
    expect(await patch('root', own)).toBe(403);
    expect(await statusOf('amy-pw')).toBe(403);
    expect(await elsewhere.users?.get('amy')).toMatchObject({ type: 'normal', permissions: [] });
  });

  async function databaseToken(): Promise<string> {
    const wish = { database: 'telegraf', retentionPolicy: 'autogen' };
    const granted = await elsewhere.subscriptions?.grant(wish);
    return basic('~subscriber', granted?.token ?? '');
  }
});
