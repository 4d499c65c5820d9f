import type {
  StoredSubscription,
  SubscriptionStore,
  UserStore,
} from 'kapacitor-auth/store-contract';
import { userStoreContract } from 'kapacitor-auth/store-contract';
import { MemoryUserStore } from '../../lib/stores/memory-store.js';

/** The faults of a store's subscriptions, given sound ones. */
type Defect = (sound: SubscriptionStore, store: MemoryUserStore) => Partial<SubscriptionStore>;

const MEMORY = { durable: false, shared: false };
const CLAIMED = { ...MEMORY, subscriptions: true };

function withDefect(defect: Defect): UserStore {
  const store = new MemoryUserStore();
  const sound = store.subscriptions;
  const subscriptions: SubscriptionStore = {
    find: (digest) => sound.find(digest),
    list: () => sound.list(),
    put: (subscription) => sound.put(subscription),
    delete: (digest) => sound.delete(digest),
    deleteDatabase: (database) => sound.deleteDatabase(database),
    ...defect(sound, store),
  };
  return Object.defineProperty(store, 'subscriptions', { value: subscriptions });
}

/** A subscription that any store keeps, whatever was to be put. */
const fit: StoredSubscription = {
  digest: 'a'.repeat(64),
  cluster: 'default',
  database: 'telegraf',
  created: '2026-11-24T10:00:00.000Z',
};

/** For each clause subscriptions that break it. */
const DEFECTS: Readonly<Record<string, Defect>> = {
  'finds a subscription as it was put': (sound) => ({
    put: ({ retentionPolicy: _, ...rest }) => sound.put(rest),
  }),
  'finds no subscription by a digest that is not known': (sound) => ({
    find: (digest) => sound.find(digest.toLowerCase()),
  }),
  'puts a subscription in place of one with the same digest': (sound) => ({
    put: async (subscription) => (await sound.find(subscription.digest)) ?? sound.put(subscription),
  }),
  'lists subscriptions by database, retention policy, time and digest': (sound) => ({
    list: async () => [...(await sound.list())].sort((a, b) => (a.database < b.database ? -1 : 1)),
  }),
  'refuses to put what is no subscription': (sound) => ({
    put: (subscription) => sound.put({ ...subscription, database: fit.database }),
  }),
  'deletes a subscription and says whether there was one': (sound) => ({
    delete: async (digest) => (await sound.delete(digest), true),
  }),
  'deletes all subscriptions of a database and says how many': (sound) => ({
    deleteDatabase: async (database) => (await sound.deleteDatabase(database), 2),
  }),
  'keeps subscriptions and users apart': (sound, store) => ({
    list: async () => (store.find('amy') === undefined ? [] : sound.list()),
  }),
  'keeps each of 50 subscriptions put at once': (sound) => ({
    put: async (subscription) =>
      subscription.digest.startsWith('42') ? subscription : sound.put(subscription),
  }),
  'keeps its subscriptions apart from the objects it is given and gives out': () => {
    const kept = new Map<string, StoredSubscription>();
    return {
      put: (subscription) => (kept.set(subscription.digest, subscription), subscription),
      find: (digest) => kept.get(digest),
      list: () => [...kept.values()],
    };
  },
  'tells its listeners of a change to subscriptions before it acknowledges it': () => {
    const kept = new Map<string, StoredSubscription>();
    return { put: (subscription) => (kept.set(subscription.digest, subscription), subscription) };
  },
};

/** The rules that stores break that share nothing and keep nothing. */
const BEYOND_MEMORY = [
  'keeps its subscriptions when it is closed and opened again',
  'sees, and is told of, the subscriptions that another connection puts and deletes',
  'loses no subscription and no user when two connections write at once',
];

const namesOf = (cases: readonly { readonly name: string }[]) => cases.map(({ name }) => name);

const plain = namesOf(userStoreContract(() => new MemoryUserStore()));

describe('userStoreContract, for stores that keep subscriptions', () => {
  it('has a broken store here for each of its cases', () => {
    const all = namesOf(userStoreContract(() => new MemoryUserStore(), { subscriptions: true }));
    const added = all.filter((name) => !plain.includes(name));
    expect([...added].sort()).toEqual([...Object.keys(DEFECTS), ...BEYOND_MEMORY].sort());
    expect(all).toEqual(expect.arrayContaining([...plain]));
  });

  it('is content with a sound store', async () => {
    const cases = userStoreContract(() => withDefect(() => ({})), CLAIMED);
    await Promise.all(cases.map(({ run }) => run()));
  });

  it.each(Object.entries(DEFECTS))('finds a store out that breaks: %s', async (name, defect) => {
    const cases = userStoreContract(() => withDefect(defect), CLAIMED);
    await expect(cases.find((each) => each.name === name)?.run()).rejects.toThrow();
  });

  it.each(BEYOND_MEMORY)('finds a store out that breaks: %s', async (name) => {
    let now = 0;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => (now += 1000));
    const cases = userStoreContract(() => new MemoryUserStore(), { subscriptions: true });
    await expect(cases.find((each) => each.name === name)?.run()).rejects.toThrow();
    clock.mockRestore();
  });

  it.each([...Object.keys(DEFECTS), ...BEYOND_MEMORY])(
    'finds a store out that keeps none: %s',
    async (name) => {
      const make = () =>
        Object.defineProperty(new MemoryUserStore(), 'subscriptions', { value: undefined });
      const cases = userStoreContract(make, { subscriptions: true });
      await expect(cases.find((each) => each.name === name)?.run()).rejects.toThrow(
        'the store keeps no subscriptions',
      );
    },
  );
});
