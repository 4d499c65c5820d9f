import { devNull } from 'node:os';
import { join } from 'node:path';
import type { KapacitorAuth, UserUpdate } from '../../../lib/index.js';
import { kapacitorAuth } from '../../../lib/index.js';
import { basic, bearer, SECRET } from '../../support/open-auth.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import type { ClientRequestParts, ExchangeKind, OpenExchange } from './open-exchange.js';
import { openExchange, SlowUpstream } from './open-exchange.js';
import { login, StartedGateway } from './started-gateway.js';

const folder = temporaryFolder();
const ROOT = { name: 'root', password: 'root-password', type: 'admin' } as const;
const TASKS = '/kapacitor/v1/tasks';

const CREDENTIALS = ['basic', 'query', 'bearer', 'subscription'] as const;
type CredentialsKind = (typeof CREDENTIALS)[number];
const EXCHANGES: readonly ExchangeKind[] = ['download', 'upload', 'wait'];

/** Changes by name, each with the status that it means for a kind of credentials, or nothing. */
const CHANGES: Readonly<Record<string, Partial<Record<CredentialsKind, number>>>> = {
  'another password': { basic: 401, query: 401 },
  'the user deleted': { basic: 401, query: 401, bearer: 401 },
  'a permission taken away': { basic: 403, query: 403, bearer: 403 },
  'the subscription revoked': { subscription: 401 },
  'another permission more': {},
  'the hash renewed': {},
  'another user changed': {},
  'another subscription revoked': {},
};

let upstream: SlowUpstream;
let gateway: StartedGateway;
/** Another process' connection to the same users. */
let elsewhere: KapacitorAuth;
let token: string;
let files = 0;

beforeAll(async () => {
  upstream = await SlowUpstream.start();
});

afterAll(async () => {
  await upstream.stop();
});

beforeEach(async () => {
  files += 1;
  const path = join(folder, `users-${String(files)}.db`);
  const store = { type: 'sqlite' as const, path };
  elsewhere = kapacitorAuth({ configFile: devNull, store, auth: { bcryptCost: 5 } });
  await elsewhere.users?.create(ROOT);
  await elsewhere.users?.create({ name: 'other', password: 'other-password' });
  await elsewhere.users?.create({ name: 'amy', password: 'amy-password', permissions: ['api'] });
  await elsewhere.users?.create({ name: 'eve', password: 'eve-password', permissions: ['api'] });
  const granted = await elsewhere.subscriptions?.grant({ database: 'telegraf' });
  await elsewhere.subscriptions?.grant({ database: 'other' });
  token = granted?.token ?? '';
  gateway = await StartedGateway.start({
    store,
    auth: { bcryptCost: 4 },
    http: { sharedSecret: SECRET },
    gateway: { upstream: upstream.url },
  });
});

afterEach(async () => {
  await elsewhere.close();
  await gateway.stop();
});

function parts(credentials: CredentialsKind): ClientRequestParts {
  const asked = { target: TASKS, method: 'GET', headers: {} };
  switch (credentials) {
    case 'basic':
      return { ...asked, headers: { Authorization: basic('amy', 'amy-password') } };
    case 'query':
      return { ...asked, target: `${TASKS}?u=amy&p=amy-password` };
    case 'bearer':
      return { ...asked, headers: { Authorization: bearer('amy') } };
    case 'subscription':
      return {
        target: '/write?db=telegraf',
        method: 'POST',
        headers: { Authorization: basic('~subscriber', token) },
      };
  }
}

function open(exchange: ExchangeKind, credentials: CredentialsKind): Promise<OpenExchange> {
  return openExchange(gateway.server.url, upstream, exchange, parts(credentials));
}

async function patch(name: string, document: object): Promise<void> {
  const init = { method: 'PATCH', body: JSON.stringify(document) };
  expect((await gateway.fetch(`/kapacitor/v1/users/${name}`, 'root', init)).status).toBe(200);
}

/** The changes by the users API of the gateway itself, and by another process. */
const MAKE: Readonly<
  Record<string, readonly [own: () => Promise<unknown>, others: () => unknown]>
> = {
  'another password': both({ password: 'a new one' }),
  'the user deleted': [
    () => gateway.fetch('/kapacitor/v1/users/amy', 'root', { method: 'DELETE' }),
    () => elsewhere.users?.delete('amy'),
  ],
  'a permission taken away': both({ permissions: ['write_points'] }),
  'another permission more': both({ permissions: ['api', 'write_points'] }),
  // The same password gets another hash.
  'the hash renewed': both({ password: 'amy-password' }),
  'another user changed': both({ password: 'a new one' }, 'other'),
  'the subscription revoked': revoking('telegraf'),
  'another subscription revoked': revoking('other'),
};

function both(changes: UserUpdate, name = 'amy'): readonly [() => Promise<unknown>, () => unknown] {
  return [() => patch(name, changes), () => elsewhere.users?.update(name, changes)];
}

function revoking(database: string): readonly [() => Promise<unknown>, () => unknown] {
  const revoke = async (): Promise<unknown> => elsewhere.subscriptions?.revokeDatabase(database);
  return [revoke, revoke];
}

/** Every kind of exchange with every kind of credentials, all running. */
async function openAll(): Promise<readonly Running[]> {
  const running: Running[] = [];
  for (const credentials of CREDENTIALS) {
    for (const exchange of EXCHANGES) {
      running.push({ credentials, exchange, opened: await open(exchange, credentials) });
    }
  }
  return running;
}

interface Running {
  readonly credentials: CredentialsKind;
  readonly exchange: ExchangeKind;
  readonly opened: OpenExchange;
}

/** Waits until the gateway has judged all that runs by all changes so far. */
async function settle(sentinel: OpenExchange): Promise<void> {
  await elsewhere.users?.update('eve', { password: 'another one' });
  await expect(sentinel.end).resolves.toBe('cut');
}

describe('a change of a user', () => {
  const rows = Object.keys(CHANGES).flatMap((change) =>
    [true, false].map((isOwn) => ({
      change,
      isOwn,
      by: isOwn ? 'the gateway' : 'a process beside it',
    })),
  );

  it.each(rows)(
    'ends what would be refused now, and nothing else: $change, by $by',
    async ({ change, isOwn }) => {
      const running = await openAll();
      const sentinel = await openExchange(gateway.server.url, upstream, 'download', {
        ...parts('basic'),
        headers: login('eve'),
      });
      await MAKE[change]?.[isOwn ? 0 : 1]();
      await settle(sentinel);
      for (const { credentials, exchange, opened } of running) {
        const status = CHANGES[change]?.[credentials];
        if (status === undefined) await opened.finish();
        else await opened.upstreamGone;
        const expected = status ?? 200;
        const seen = exchange === 'download' ? (status === undefined ? 'whole' : 'cut') : expected;
        expect({ credentials, exchange, end: await opened.end }).toEqual({
          credentials,
          exchange,
          end: seen,
        });
      }
    },
  );
});

describe('a running exchange that ends', () => {
  it('is in the audit log and marked in the access log, and is no failed login', async () => {
    const download = await open('download', 'query');
    const waiting = await open('wait', 'basic');
    await patch('amy', { password: 'a new one' });
    await download.end;
    await waiting.end;
    const audit = gateway.log.text
      .split('\n')
      .filter((line) => line.includes('"event":"revoked"'))
      .map((line): unknown => JSON.parse(line));
    const told = {
      audit: true,
      event: 'revoked',
      user: 'amy',
      address: '127.0.0.1',
      method: 'GET',
      path: TASKS,
      code: 'ERR_KAUTH_FAILED',
      status: 401,
    };
    expect(audit).toMatchObject([told, told]);
    expect(gateway.log.text).not.toContain('"event":"rejected"');
    const marked = gateway.log.requests.filter(({ revoked }) => revoked === true);
    // The two end at the same time.
    expect(marked.sort((a, b) => Number(a.status) - Number(b.status))).toMatchObject([
      { user: 'amy', status: 200, code: 'ERR_KAUTH_FAILED', aborted: true },
      { user: 'amy', status: 401, code: 'ERR_KAUTH_FAILED' },
    ]);
  });

  it('ends with 1,000 others by one change', async () => {
    const running: OpenExchange[] = [];
    for (let index = 0; index < 1000; index++) running.push(await open('download', 'basic'));
    const other = await openExchange(gateway.server.url, upstream, 'download', {
      ...parts('basic'),
      headers: login('eve'),
    });
    await MAKE['another password']?.[1]();
    const ends = await Promise.all(running.map(({ end }) => end));
    expect(new Set(ends)).toEqual(new Set(['cut']));
    await other.finish();
    expect(await other.end).toBe('whole');
  });
});
