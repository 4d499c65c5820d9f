import fc from 'fast-check';
import { GuardedStore } from '../../lib/authenticate/guarded-store.js';
import {
  clusterOfToken,
  digestOfToken,
  makeSubscriptionToken,
} from '../../lib/credentials/subscription-token.js';
import type { NewSubscription } from '../../lib/manage/subscriptions.js';
import { Subscriptions } from '../../lib/manage/subscriptions.js';
import { MemoryUserStore } from '../../lib/stores/memory-store.js';
import { listeningLogger } from '../support/listening-logger.js';

/** As Kapacitor makes it: the name of its cluster, a semicolon and 64 bytes. */
const KAPACITORS = Buffer.concat([Buffer.from('default;'), Buffer.alloc(64, 7)]).toString(
  'base64url',
);

function make() {
  const store = new MemoryUserStore();
  const source = new GuardedStore({
    store: store,
    logger: listeningLogger(),
    onOpen: () => undefined,
    onChange: () => undefined,
  });
  return {
    store,
    subscriptions: new Subscriptions({
      store: store.subscriptions,
      guarded: source,
      changed: () => undefined,
    }),
  };
}

describe('a grant for every database', () => {
  it.each<[wish: NewSubscription, problem: string]>([
    [{}, 'name a database, or say everyDatabase: true'],
    [{ everyDatabase: false }, 'name a database, or say everyDatabase: true'],
    [{ retentionPolicy: 'autogen' }, 'name a database, or say everyDatabase: true'],
    [{ database: '' }, 'database must not be empty; say everyDatabase: true'],
    [{ database: 'd', everyDatabase: true }, 'everyDatabase goes without database'],
    [{ retentionPolicy: 'r', everyDatabase: true }, 'everyDatabase goes without database'],
  ])('must be asked for in so many words, not by %j', async (wish, problem) => {
    const { subscriptions } = make();
    await expect(subscriptions.grant(wish)).rejects.toThrow(problem);
    await expect(subscriptions.list()).resolves.toEqual([]);
  });

  it('is shown as one', async () => {
    const { subscriptions } = make();
    const granted = await subscriptions.grant({ everyDatabase: true });
    expect(granted).toMatchObject({ database: '', cluster: 'default' });
    expect(granted).not.toHaveProperty('retentionPolicy');
  });
});

describe('a token', () => {
  it('has Kapacitor’s form', () => {
    const token = makeSubscriptionToken('default');
    expect(token).toMatch(/^[\w-]{96}$/);
    const bytes = Buffer.from(token, 'base64url');
    expect(bytes.subarray(0, 8).toString()).toBe('default;');
    expect(bytes).toHaveLength(72);
    expect(makeSubscriptionToken('default')).not.toBe(token);
  });

  it('tells its cluster, whatever its bytes are', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((s) => !s.includes(';'));
    const random = fc.uint8Array({ minLength: 32, maxLength: 100 });
    fc.assert(
      fc.property(name, random, (cluster, bytes) => {
        const token = Buffer.concat([Buffer.from(`${cluster};`), bytes]).toString('base64url');
        expect(clusterOfToken(token)).toBe(cluster);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['a word', 'nosuchtoken'],
    ['a token with padding', `${KAPACITORS}=`],
    ['base64 that is not URL-safe', Buffer.alloc(99, 0xff).toString('base64')],
    ['no cluster', Buffer.concat([Buffer.from(';'), Buffer.alloc(64)]).toString('base64url')],
    ['too few bytes', Buffer.concat([Buffer.from('c;'), Buffer.alloc(31)]).toString('base64url')],
    [
      'a cluster that is not UTF-8',
      Buffer.concat([Buffer.from([0xff, 0x3b]), Buffer.alloc(64)]).toString('base64url'),
    ],
  ])('is not %s', (_what, text) => {
    expect(clusterOfToken(text)).toBeUndefined();
  });

  it('is kept as its SHA-256', () => {
    expect(digestOfToken('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});

describe('managing subscriptions', () => {
  it('grants, lists and revokes them, and shows a token once', async () => {
    const { subscriptions, store } = make();
    const before = new Date().toISOString();
    const { token, ...granted } = await subscriptions.grant({
      database: 'telegraf',
      retentionPolicy: 'autogen',
      cluster: 'east',
    });
    const { token: wide, ...alerts } = await subscriptions.grant({ database: 'alerts' });
    expect(granted).toEqual({
      id: digestOfToken(token).slice(0, 16),
      cluster: 'east',
      database: 'telegraf',
      retentionPolicy: 'autogen',
      created: expect.any(String) as unknown,
    });
    expect(clusterOfToken(token)).toBe('east');
    expect(clusterOfToken(wide)).toBe('default');
    expect(granted.created >= before && granted.created <= new Date().toISOString()).toBe(true);
    expect(await subscriptions.list()).toEqual([alerts, granted]);
    expect(await subscriptions.list({ database: 'telegraf' })).toEqual([granted]);
    expect(await subscriptions.list({ database: 'none' })).toEqual([]);
    expect(JSON.stringify(store.subscriptions.list())).not.toContain(token);

    expect(await subscriptions.revoke(granted.id)).toBe(true);
    expect(await subscriptions.revoke(granted.id)).toBe(false);
    expect(await subscriptions.revokeDatabase('none')).toBe(0);
    expect(await subscriptions.revokeDatabase('alerts')).toBe(1);
    expect(await subscriptions.list()).toEqual([]);
  });

  it('keeps one of which only the digest is known, in place of the old one', async () => {
    const { subscriptions, store } = make();
    const created = '2026-11-28T10:00:00.000Z';
    const kept = {
      digest: digestOfToken(KAPACITORS),
      cluster: 'default',
      database: 'old',
      created,
    };
    await subscriptions.put(kept);
    const shown = await subscriptions.put({ ...kept, database: 'telegraf' });
    expect(shown).toEqual({
      id: kept.digest.slice(0, 16),
      cluster: 'default',
      database: 'telegraf',
      created,
    });
    await expect(subscriptions.list()).resolves.toEqual([shown]);
    expect(await store.subscriptions.find(digestOfToken(KAPACITORS))).toMatchObject({
      database: 'telegraf',
    });
    await expect(subscriptions.put({ ...kept, digest: 'short' })).rejects.toThrow('digest');
  });

  it('takes over a token that an InfluxDB pushes with already', async () => {
    const { subscriptions } = make();
    const granted = await subscriptions.grant({ database: 'telegraf', token: KAPACITORS });
    expect(granted).toMatchObject({ cluster: 'default', token: KAPACITORS });
    const again = { database: 'other', token: KAPACITORS, cluster: 'default' };
    expect(await subscriptions.grant(again)).toMatchObject({ id: granted.id });
    expect(await subscriptions.list()).toEqual([expect.objectContaining({ database: 'other' })]);
  });

  it.each<[string, NewSubscription, string]>([
    ['no database', { database: '' }, 'database must not be empty'],
    ['a line break', { database: 'a\nb' }, 'database must not contain control characters'],
    ['an empty policy', { database: 'a', retentionPolicy: '' }, 'retentionPolicy must not be'],
    ['a very long name', { database: 'a'.repeat(1025) }, 'must not be longer than 1024 bytes'],
    ['an empty cluster', { database: 'a', cluster: '' }, 'cluster must not be empty'],
    ['a semicolon', { database: 'a', cluster: 'b;c' }, 'cluster must not contain a semicolon'],
    ['a weak token', { database: 'a', token: 'secret' }, 'at least 32 random bytes'],
    [
      'the token of another cluster',
      { database: 'a', token: KAPACITORS, cluster: 'east' },
      'the token is of the cluster "default"',
    ],
    ['a number', JSON.parse('{ "database": 7 }') as NewSubscription, 'database must be a string'],
  ])('refuses %s', async (_what, wish, problem) => {
    const { subscriptions } = make();
    const refused = subscriptions.grant(wish);
    await expect(refused).rejects.toMatchObject({
      code: 'ERR_KAUTH_INVALID_REQUEST',
      message: expect.stringContaining(problem) as unknown,
    });
    await expect(refused).rejects.not.toThrow('secret');
    expect(await subscriptions.list()).toEqual([]);
  });
});
