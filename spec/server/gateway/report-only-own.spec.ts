import { devNull } from 'node:os';
import { join } from 'node:path';
import type { UserSource } from '../../../lib/index.js';
import { kapacitorAuth } from '../../../lib/index.js';
import { basic } from '../../support/open-auth.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import {
  audited,
  auditedOnce,
  counted,
  REPORTED,
  startReporting as start,
} from './reporting-gateway.js';
import { login } from './started-gateway.js';

const folder = temporaryFolder();

describe('what only the gateway guards, while it only reports', () => {
  it.each([
    ['GET', '/kapacitor/v1/users'],
    ['GET', '/kapacitor/v1/%75sers'],
    ['GET', '/KAPACITOR/v1/Users'],
    ['DELETE', '/kapacitor/v1preview/users/root'],
    ['GET', '/kapacitor/v1/whoami'],
    ['GET', '/metrics'],
    ['GET', '/auth'],
  ])('is refused: %s %s', async (method, path) => {
    const gateway = await start({ metrics: { endpoint: 'admin' } });
    const asked =
      path === '/auth'
        ? { 'X-Original-URI': '/kapacitor/v1/tasks', 'X-Original-Method': 'GET' }
        : {};
    const unknown = await gateway.fetch(path, undefined, { method, headers: asked });
    const wrong = { ...asked, Authorization: basic('root', 'wrong') };
    const guessed = await gateway.fetch(path, undefined, { method, headers: wrong });
    const mayNot = await gateway.fetch(path, 'nobody', { method, headers: asked });
    const status = path.endsWith('whoami') ? 200 : 403;
    expect([unknown.status, guessed.status, mayNot.status]).toEqual([401, 401, status]);
    expect(gateway.upstream.seen).toEqual([]);
    await expect(counted(gateway, REPORTED)).resolves.toBe(0);
    expect(audited(gateway).filter(({ reported }) => reported === true)).toEqual([]);
  });

  it('is refused after too many guesses, as ever', async () => {
    const gateway = await start({ throttle: { failuresPerUser: 1 } });
    const headers = { Authorization: basic('root', 'wrong') };
    await gateway.fetch('/kapacitor/v1/users', undefined, { headers });
    const other = { Authorization: basic('root', 'wrong too') };
    const { status } = await gateway.fetch('/kapacitor/v1/users', undefined, { headers: other });
    expect(status).toBe(429);
  });

  it('are its pages', async () => {
    const gateway = await start({ pages: { enabled: true } });
    const { status, headers } = await gateway.fetch('/admin/users', 'nobody');
    expect(status).not.toBe(200);
    expect(headers.get('location') ?? '').not.toContain('/admin/users/');
    expect(gateway.upstream.seen).toEqual([]);
  });

  it('are the paths of subscriptions, whose tokens the upstream never sees', async () => {
    const path = join(folder, 'users.db');
    const gateway = await start({ store: { type: 'sqlite', path } });
    const elsewhere = kapacitorAuth({ configFile: devNull, store: { path } });
    const granted = await elsewhere.subscriptions?.grant({ database: 'a' });
    await elsewhere.close();
    const token = granted?.token ?? '';
    const write = (target: string) =>
      gateway.fetch(target, 'old', { method: 'POST', body: 'm v=1' });
    expect((await write('/subscribe/unknown-token/write?db=a')).status).toBe(401);
    expect((await write('/%73ubscribe/unknown-token/write?db=a')).status).toBe(401);
    expect((await write(`/subscribe/${token}/write?db=b`)).status).toBe(403);
    expect((await write(`/subscribe/${token}/x`)).status).toBe(404);
    expect(gateway.upstream.seen).toEqual([]);
    const { status } = await write(`/subscribe/${token}/write?db=a`);
    expect([status, gateway.upstream.seen[0]?.url]).toEqual([200, '/write?db=a']);
    expect(gateway.upstream.field('authorization')).toBe(login('old').Authorization);
    expect(JSON.stringify(gateway.upstream.seen)).not.toContain(token);
    await expect(counted(gateway, REPORTED)).resolves.toBe(0);
  });
});

describe('a gateway that only reports, whose judgement has to wait', () => {
  const source = (find: UserSource['find']): UserSource => ({ find, close: () => undefined });

  it('lets requests pass while users cannot be looked up, and reports that', async () => {
    const gateway = await start({ store: source(() => Promise.reject(new Error('down'))) });
    const answer = await gateway.fetch('/kapacitor/v1/tasks', 'amy');
    expect(answer.status).toBe(200);
    expect(await auditedOnce(gateway)).toEqual([
      expect.objectContaining({ reported: true, code: 'ERR_KAUTH_STORE_UNAVAILABLE' }),
    ]);
  });

  it('waits for no judgement, however many there are', async () => {
    let release = (): void => undefined;
    const held = new Promise<undefined>(
      (resolve) =>
        (release = () => {
          resolve(undefined);
        }),
    );
    const gateway = await start({ store: source(() => held) });
    const ask = (index: number) =>
      gateway.fetch('/kapacitor/v1/tasks', undefined, {
        headers: { Authorization: basic(`nobody${String(index)}`, 'wrong') },
      });
    const statuses: number[] = [];
    for (let index = 0; index < 300; index += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, each) => ask(index + each)));
      for (const answer of answers) {
        await answer.text();
        statuses.push(answer.status);
      }
    }
    expect(statuses).toEqual(Array(300).fill(401));
    release();
    await auditedOnce(gateway, 300);
    await expect(counted(gateway, REPORTED)).resolves.toBe(300);
  });

  it('refuses and delays nobody who guesses passwords', async () => {
    const gateway = await start({ throttle: { failuresPerUser: 1 } });
    for (const password of ['a', 'b', 'c']) {
      const headers = { Authorization: basic('amy', password) };
      const answer = await gateway.fetch('/kapacitor/v1/tasks', undefined, { headers });
      await expect(answer.text()).resolves.toBe('upstream: who?');
    }
    const codes = (await auditedOnce(gateway, 3)).map(({ code }) => code);
    expect(codes).toContain('ERR_KAUTH_THROTTLED');
  });
});
