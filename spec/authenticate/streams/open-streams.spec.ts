import { setTimeout as delay } from 'node:timers/promises';
import type { KapacitorAuth, KapacitorAuthError, RunningRequest } from '../../../lib/index.js';
import type { UserSource } from '../../../lib/index.js';
import { MemoryUserStore, StoreUnavailableError } from '../../../lib/index.js';
import { heard } from '../../observe/heard.js';
import type { BcryptRuns } from '../../support/count-bcrypt.js';
import { basic, bearer, openAuth, people, SECRET } from '../../support/open-auth.js';
import { steadyClock } from '../../support/steady-clock.js';
import { until } from '../../support/until.js';

jest.mock('bcrypt', () => {
  const { watchedBcrypt } = jest.requireActual<{ watchedBcrypt: () => object }>(
    '../../support/count-bcrypt.js',
  );
  return watchedBcrypt();
});
const { runs } = jest.requireMock<{ runs: BcryptRuns }>('bcrypt');

const clock = steadyClock();
const USERS = [...people, { name: 'bob', password: 'bob-pw', permissions: ['api'] }] as const;

/** A source over a store, with what it was asked. */
class AskedSource implements UserSource {
  readonly asked: string[] = [];
  readonly store = new MemoryUserStore(USERS);
  isAway = false;
  isDeaf = false;
  freshUntil = Infinity;

  open(): Promise<void> {
    return this.store.open();
  }

  async find(
    name: string,
  ): ReturnType<NonNullable<MemoryUserStore['find']>> extends infer T
    ? Promise<Awaited<T>>
    : never {
    this.asked.push(name);
    if (this.isAway) throw new StoreUnavailableError('it is away');
    return Promise.resolve(this.store.find(name));
  }

  watch(listener: (name?: string) => void): () => void {
    return this.store.watch((name) => {
      if (!this.isDeaf) listener(name);
    });
  }
}

interface Watched {
  readonly reasons: KapacitorAuthError[];
  readonly stop: () => void;
}

function requestOf(authorization?: string, path = '/kapacitor/v1/tasks'): RunningRequest {
  const headers = authorization === undefined ? {} : { authorization };
  return { headers, method: 'GET', url: path, socket: { remoteAddress: '192.0.2.7' } };
}

async function letIn(
  auth: KapacitorAuth,
  request: RunningRequest,
  options: Parameters<KapacitorAuth['onRevoked']>[2] = {},
): Promise<Watched> {
  await auth.authenticate(request);
  return watch(auth, request, options);
}

function watch(
  auth: KapacitorAuth,
  request: RunningRequest,
  options: Parameters<KapacitorAuth['onRevoked']>[2] = {},
): Watched {
  const reasons: KapacitorAuthError[] = [];
  const stop = auth.onRevoked(request, (reason) => reasons.push(reason), options);
  return { reasons, stop };
}

/** Waits until a stream that was opened after all others has ended by a change of its own. */
async function settle(auth: KapacitorAuth, change: () => unknown): Promise<void> {
  const { reasons } = await letIn(auth, requestOf(basic('bob', 'bob-pw')));
  await change();
  await until('the stream has ended', () => reasons.length > 0);
}

const AMY = basic('amy', 'amy-pw');

describe('a stream in doubt', () => {
  it('is judged by time when the source can not prove that it is up to date', async () => {
    const source = new AskedSource();
    const auth = openAuth({ store: source });
    const stays = await letIn(auth, requestOf(AMY));
    const ends = await letIn(auth, requestOf(basic('bob', 'bob-pw')));
    source.isDeaf = true;
    await source.store.delete('bob');
    source.freshUntil = performance.now();
    await until('the stream has ended', () => ends.reasons.length > 0);
    expect(ends.reasons).toMatchObject([{ code: 'ERR_KAUTH_FAILED' }]);
    expect(stays.reasons).toEqual([]);
  });

  it('is judged again when what was known expires, if the source tells of no changes', async () => {
    const source = new AskedSource();
    source.isDeaf = true;
    const auth = openAuth({ store: source, auth: { cacheExpiration: '10m', bcryptCost: 4 } });
    const { reasons } = await letIn(auth, requestOf(AMY));
    await source.store.update('amy', { permissions: [] });
    clock.pass(500_000);
    await delay(1100);
    expect(reasons).toEqual([]);
    clock.pass(100_000);
    await until('the stream has ended', () => reasons.length > 0);
    expect(reasons).toMatchObject([{ code: 'ERR_KAUTH_FORBIDDEN', status: 403 }]);
  });

  it('goes on through a short outage, and no longer than half a minute', async () => {
    const source = new AskedSource();
    const auth = openAuth({ store: source });
    const { reasons } = await letIn(auth, requestOf(AMY));
    source.isAway = true;
    source.freshUntil = performance.now();
    await until('the source is asked', () => source.asked.length > 1);
    clock.pass(20_000);
    await until('the source is asked', () => source.asked.length > 2);
    expect(reasons).toEqual([]);
    source.isAway = false;
    const before = source.asked.length;
    await until('the source is asked', () => source.asked.length > before);
    source.isAway = true;
    clock.pass(10_000);
    const again = source.asked.length;
    await until('the source is asked', () => source.asked.length > again);
    expect(reasons).toEqual([]);
    clock.pass(31_000);
    await until('the stream has ended', () => reasons.length > 0);
    expect(reasons).toMatchObject([{ code: 'ERR_KAUTH_STORE_UNAVAILABLE', status: 503 }]);
  });

  it('goes on for stale-if-error longer if time put it in doubt', async () => {
    const source = new AskedSource();
    const auth = openAuth({ store: source, auth: { staleIfError: '60s', bcryptCost: 4 } });
    const { reasons } = await letIn(auth, requestOf(AMY));
    source.isAway = true;
    source.freshUntil = performance.now();
    await until('the source is asked', () => source.asked.length > 1);
    clock.pass(80_000);
    const before = source.asked.length;
    await until('the source is asked', () => source.asked.length > before);
    expect(reasons).toEqual([]);
    clock.pass(11_000);
    await until('the stream has ended', () => reasons.length > 0);
  });
});

describe('a token', () => {
  it('ends its streams when it expires', async () => {
    const auth = openAuth({ http: { authEnabled: true, sharedSecret: SECRET } });
    const short = await letIn(auth, requestOf(bearer('amy', 2)));
    const long = await letIn(auth, requestOf(bearer('amy', 3_000_000)));
    await until('the stream has ended', () => short.reasons.length > 0);
    expect(short.reasons).toMatchObject([{ code: 'ERR_KAUTH_TOKEN_EXPIRED', status: 401 }]);
    expect(long.reasons).toEqual([]);
  });
});

describe('many streams', () => {
  it('of one user cost one comparison together, and others none', async () => {
    const source = new AskedSource();
    const auth = openAuth({ store: source });
    const ofAmy: Watched[] = [];
    const ofRoot: Watched[] = [];
    for (let index = 0; index < 1000; index++) {
      ofAmy.push(await letIn(auth, requestOf(AMY)));
      ofRoot.push(await letIn(auth, requestOf(basic('root', 'root-pw'))));
    }
    runs.forget();
    source.asked.length = 0;
    const { hash = '' } = source.store.find('bob') ?? {};
    await source.store.update('amy', { hash });
    await until('all streams have ended', () => ofAmy.every(({ reasons }) => reasons.length > 0));
    expect(ofAmy.every(({ reasons }) => reasons.length === 1)).toBe(true);
    expect(ofRoot.every(({ reasons }) => reasons.length === 0)).toBe(true);
    expect(runs.compared).toHaveLength(1);
    expect(new Set(source.asked)).toEqual(new Set(['amy']));
    expect(source.asked.length).toBeLessThanOrEqual(2);
  });

  it('of many users are looked up a few at a time if any of them may have changed', async () => {
    const source = new AskedSource();
    const names = Array.from({ length: 100 }, (_, index) => `user-${String(index)}`);
    const { hash = '' } = (await source.open(), source.store.find('bob') ?? {});
    for (const name of names)
      await source.store.create({ name, type: 'normal', hash, permissions: [] });
    let most = 0;
    let now = 0;
    const find = source.find.bind(source);
    jest.spyOn(source, 'find').mockImplementation(async (name) => {
      now += 1;
      most = Math.max(most, now);
      await delay(1);
      now -= 1;
      return find(name);
    });
    let tell: (name?: string) => void = () => undefined;
    jest.spyOn(source, 'watch').mockImplementation((listener) => {
      tell = listener;
      return () => undefined;
    });
    const auth = openAuth({ store: source });
    for (const name of names) await letIn(auth, requestOf(basic(name, 'bob-pw')));
    runs.forget();
    most = 0;
    source.asked.length = 0;
    tell();
    await until('the source is asked', () => source.asked.length === names.length);
    expect(most).toBeLessThanOrEqual(8);
    expect(runs.compared).toEqual([]);
  });
});

describe('a judgement of a stream', () => {
  it('is no login: it is not counted, told or throttled', async () => {
    const auth = openAuth();
    const events = heard(auth);
    const streams: Watched[] = [];
    for (let index = 0; index < 50; index++) streams.push(await letIn(auth, requestOf(AMY)));
    events.length = 0;
    const before = await auth.metrics.getSingleMetricAsString('kapacitor_auth_requests_total');
    await auth.users?.update('amy', { password: 'a new one' });
    await until('all streams have ended', () => streams.every(({ reasons }) => reasons.length > 0));
    const after = await auth.metrics.getSingleMetricAsString('kapacitor_auth_requests_total');
    expect(after).toBe(before);
    const told = events.filter(({ event }) => event !== 'userChanged');
    expect(told).toHaveLength(50);
    const address = '192.0.2.7';
    expect(told[0]).toEqual({
      event: 'revoked',
      user: 'amy',
      address,
      method: 'GET',
      path: '/kapacitor/v1/tasks',
      code: 'ERR_KAUTH_FAILED',
      status: 401,
      ms: expect.any(Number),
    });
    expect(await auth.metrics.getSingleMetricAsString('kapacitor_auth_revoked_total')).toContain(
      'kapacitor_auth_revoked_total 50',
    );
    await expect(auth.authenticate(requestOf(basic('amy', 'a new one')))).resolves.toMatchObject({
      name: 'amy',
    });
  });

  it('passes over a hash that this process renewed for the same password', async () => {
    const store = new MemoryUserStore(USERS);
    const auth = openAuth({ store, auth: { enabled: true, bcryptCost: 5 } });
    const { reasons } = await letIn(auth, requestOf(AMY));
    await until(
      'the hash is renewed',
      () => store.find('amy')?.hash.startsWith('$2b$05$') === true,
    );
    await settle(auth, () => auth.users?.delete('bob'));
    expect(reasons).toEqual([]);
    await auth.users?.update('amy', { password: 'a new one' });
    await until('the stream has ended', () => reasons.length > 0);
  });

  it('asks nothing for a stream that was stopped or whose connection is gone', async () => {
    const source = new AskedSource();
    const auth = openAuth({ store: source });
    const stopped = await letIn(auth, requestOf(AMY));
    const socket = { remoteAddress: '192.0.2.7', destroyed: false };
    const gone = await letIn(auth, { ...requestOf(AMY), socket });
    stopped.stop();
    socket.destroyed = true;
    source.asked.length = 0;
    await source.store.delete('amy');
    await delay(1100);
    expect(source.asked).toEqual([]);
    expect([...stopped.reasons, ...gone.reasons]).toEqual([]);
  });
});
