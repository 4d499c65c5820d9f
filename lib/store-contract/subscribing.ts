import assert from 'node:assert/strict';
import type { StoredSubscription } from '../stores/subscription-store.js';
import type { UserStore } from '../stores/user-store.js';
import type { Clauses } from './contract-case.js';
import { expectCode } from './expect.js';
import { subscription, subscriptionsOf, wide } from './sample-subscriptions.js';
import { admin, normal } from './sample-users.js';
import { UNKNOWN_NAMES } from './unknown-names.js';

/** Changes that make the sample subscription invalid, by the name of the problem. */
const UNFIT: Readonly<Record<string, Partial<StoredSubscription>>> = {
  'an empty digest': { digest: '' },
  'a digest in capitals': { digest: 'A'.repeat(64) },
  'a short digest': { digest: 'a'.repeat(63) },
  'a cluster without a name': { cluster: '' },
  'a retention policy of every database': { database: '' },
  'a retention policy without a name': { retentionPolicy: '' },
  'a line break in a name': { database: 'telegraf\n' },
  'half a surrogate pair in a name': { retentionPolicy: '\ud800' },
  'a time that is none': { created: 'yesterday' },
};

export const SUBSCRIBING: Clauses<UserStore> = {
  'finds a subscription as it was put': async (store) => {
    const subscriptions = subscriptionsOf(store);
    for (const each of [
      subscription('a'),
      wide('b'),
      wide('d', ''),
      subscription('c', { cluster: 'e"\'\\;é' }),
    ]) {
      assert.deepEqual({ ...(await subscriptions.put(each)) }, each);
      assert.deepEqual({ ...(await subscriptions.find(each.digest)) }, each);
    }
  },
  'finds no subscription by a digest that is not known': async (store) => {
    const subscriptions = subscriptionsOf(store);
    await subscriptions.put(subscription('a'));
    const { digest } = subscription('a');
    const unknown = [digest.toUpperCase(), digest.slice(1), `${digest}a`, subscription('b').digest];
    for (const each of [...unknown, ...UNKNOWN_NAMES]) {
      assert.equal(await subscriptions.find(each), undefined, JSON.stringify(each));
    }
  },
  'puts a subscription in place of one with the same digest': async (store) => {
    const subscriptions = subscriptionsOf(store);
    await subscriptions.put(subscription('a'));
    await subscriptions.put(wide('a', 'other'));
    assert.deepEqual((await subscriptions.list()).map(plain), [wide('a', 'other')]);
  },
  'lists subscriptions by database, retention policy, time and digest': async (store) => {
    const subscriptions = subscriptionsOf(store);
    const ordered = [
      wide('f', 'Telegraf'),
      wide('e'),
      subscription('d'),
      subscription('0', { created: '2026-11-24T10:00:00.001Z' }),
      subscription('1', { created: '2026-11-24T10:00:00.001Z' }),
      subscription('c', { retentionPolicy: 'monthly' }),
      wide('a', 'telegraf2'),
      wide('b', '\ufffd'),
      wide('9', '\u{1f600}'),
    ];
    for (const each of ordered.toReversed()) await subscriptions.put(each);
    assert.deepEqual((await subscriptions.list()).map(plain), ordered);
  },
  'refuses to put what is no subscription': async (store) => {
    const subscriptions = subscriptionsOf(store);
    for (const difference of Object.values(UNFIT)) {
      await expectCode('ERR_KAUTH_INVALID_REQUEST', () =>
        subscriptions.put(subscription('a', difference)),
      );
    }
    assert.deepEqual(await subscriptions.list(), []);
  },
  'deletes a subscription and says whether there was one': async (store) => {
    const subscriptions = subscriptionsOf(store);
    await subscriptions.put(subscription('a'));
    await subscriptions.put(subscription('b'));
    assert.equal(await subscriptions.delete(subscription('c').digest), false);
    assert.equal(await subscriptions.delete(subscription('a').digest), true);
    assert.equal(await subscriptions.delete(subscription('a').digest), false);
    assert.equal(await subscriptions.find(subscription('a').digest), undefined);
    assert.deepEqual((await subscriptions.list()).map(plain), [subscription('b')]);
  },
  'deletes all subscriptions of a database and says how many': async (store) => {
    const subscriptions = subscriptionsOf(store);
    for (const each of [subscription('a'), wide('b'), wide('c', 'Telegraf')]) {
      await subscriptions.put(each);
    }
    assert.equal(await subscriptions.deleteDatabase('tele%'), 0);
    assert.equal(await subscriptions.deleteDatabase('telegraf'), 2);
    assert.equal(await subscriptions.deleteDatabase('telegraf'), 0);
    assert.deepEqual((await subscriptions.list()).map(plain), [wide('c', 'Telegraf')]);
  },
  'keeps subscriptions and users apart': async (store) => {
    const subscriptions = subscriptionsOf(store);
    await store.create(admin('root'));
    await subscriptions.put(wide('a', 'amy'));
    await store.create(normal('amy'));
    await store.update('amy', { permissions: ['api'] });
    assert.equal(await store.find(subscription('a').digest), undefined);
    assert.equal(await store.delete('amy'), true);
    assert.deepEqual((await subscriptions.list()).map(plain), [wide('a', 'amy')]);
    assert.equal(await subscriptions.deleteDatabase('root'), 0);
    assert.equal(await subscriptions.delete(subscription('a').digest), true);
    assert.equal((await store.find('root'))?.type, 'admin');
  },
  'keeps each of 50 subscriptions put at once': async (store) => {
    const subscriptions = subscriptionsOf(store);
    const digests = Array.from({ length: 50 }, (_, index) => String(10 + index));
    await Promise.all(digests.map(async (digits) => subscriptions.put(subscription(digits))));
    const listed = (await subscriptions.list()).map(({ digest }) => digest.slice(0, 2));
    assert.deepEqual(listed, digests);
  },
  'keeps its subscriptions apart from the objects it is given and gives out': async (store) => {
    const subscriptions = subscriptionsOf(store);
    const given = { ...subscription('a') };
    const put = await subscriptions.put(given);
    const found = await subscriptions.find(given.digest);
    const [listed] = await subscriptions.list();
    for (const each of [given, put, found, listed]) {
      assert.ok(each);
      Reflect.set(each, 'database', 'other');
    }
    assert.deepEqual({ ...(await subscriptions.find(given.digest)) }, subscription('a'));
  },
};

export const WATCHING_SUBSCRIPTIONS: Clauses<UserStore> = {
  'tells its listeners of a change to subscriptions before it acknowledges it': async (store) => {
    const subscriptions = subscriptionsOf(store);
    let told = 0;
    store.watch?.(() => (told += 1));
    const changes: Readonly<Record<string, () => unknown>> = {
      'new subscription': () => subscriptions.put(subscription('a')),
      'replaced subscription': () => subscriptions.put(wide('a')),
      deletion: () => subscriptions.delete(subscription('a').digest),
      'second new subscription': () => subscriptions.put(subscription('b')),
      'deletion of a database': () => subscriptions.deleteDatabase('telegraf'),
    };
    for (const [what, change] of Object.entries(changes)) {
      told = 0;
      await change();
      assert.ok(told > 0, `nobody was told of the ${what}`);
    }
  },
};

function plain(each: StoredSubscription): StoredSubscription {
  return { ...each };
}
