import type {
  ContractCase,
  StoredUser,
  UserPut,
  UserStore,
  UserToPut,
} from 'kapacitor-auth/store-contract';
import { userStoreContract } from 'kapacitor-auth/store-contract';
import { MemoryUserStore } from '../../lib/stores/memory-store.js';

/** The faults of a store, given a sound one. */
type Defect = (sound: MemoryUserStore) => Partial<UserStore>;

const hash = `$2b$04$${'a'.repeat(53)}`;
const nobody: StoredUser = { name: 'nobody', type: 'normal', hash, permissions: [] };

function withDefect(defect: Defect): UserStore {
  const sound = new MemoryUserStore();
  const store: UserStore = {
    get hashCost() {
      return sound.hashCost;
    },
    open: () => sound.open(),
    close: () => sound.close(),
    find: (name) => sound.find(name),
    list: (options) => sound.list(options),
    create: (user, options) => sound.create(user, options),
    update: (name, changes, options) => sound.update(name, changes, options),
    delete: (name, options) => sound.delete(name, options),
    replaceHash: (name, expected, replacement) => sound.replaceHash(name, expected, replacement),
    watch: (listener) => sound.watch(listener),
  };
  return Object.defineProperties(store, Object.getOwnPropertyDescriptors(defect(sound)));
}

async function putOneByOne(
  sound: MemoryUserStore,
  users: readonly UserToPut[],
): Promise<readonly UserPut[]> {
  const puts: UserPut[] = [];
  for (const user of users) puts.push(...(await sound.putAll([user])));
  return puts;
}

/** For each clause a store that breaks it. */
const DEFECTS: Readonly<Record<string, Defect>> = {
  'finds a user as it was created': (sound) => ({
    create: (user) => sound.create({ ...user, permissions: [] }),
  }),
  'finds nobody by a name that is not known': (sound) => ({
    find: (name) => (name in {} ? nobody : sound.find(name)),
  }),
  'tells names apart that differ in case or Unicode normal form only': (sound) => ({
    find: (name) => sound.find(name.normalize()),
  }),
  'keeps users who are named like the properties of every object': (sound) => ({
    find: (name) => (Object.hasOwn(Object.prototype, name) ? undefined : sound.find(name)),
  }),
  'keeps its users apart from the objects it is given and gives out': () => {
    const users = new Map<string, StoredUser>();
    return {
      create: (user) => (users.set(user.name, user), user),
      find: (name) => users.get(name),
      list: () => [...users.values()],
    };
  },
  'answers a creation with the user as it is kept, its permissions in canonical form': (sound) => ({
    create: async (user) => (await sound.create(user), user),
  }),
  'refuses to create a user whose name is taken, and changes nothing': (sound) => ({
    create: async (user) => {
      await sound.delete(user.name, { force: true });
      return sound.create(user);
    },
  }),
  'accepts hashes of the schemes $2a$, $2b$ and $2y$': (sound) => ({
    create: (user) => sound.create({ ...user, hash: user.hash.replace('2y', '2x') }),
  }),
  'refuses to create a user with a hash that can not be verified': (sound) => ({
    create: (user) => sound.create({ ...user, hash }),
  }),
  'keeps each of 200 users created at once': (sound) => ({
    create: async (user) => (user.name.endsWith('99') ? user : sound.create(user)),
  }),
  'creates one of two users of one name that are created at once': (sound) => ({
    create: async (user) => sound.create(user).catch(() => user),
  }),
  'changes what an update names and leaves the rest': (sound) => ({
    update: (name, changes) => sound.update(name, { type: 'normal', ...changes }),
  }),
  'keeps updated permissions in canonical form': (sound) => ({
    find: async (name) => {
      const user = await sound.find(name);
      return user && { ...user, permissions: user.permissions.flatMap((all) => [all, 'api']) };
    },
  }),
  'refuses to update a user it does not know': (sound) => ({
    update: async (name, changes) =>
      (await sound.find(name)) ?? sound.create({ ...nobody, name, ...changes }),
  }),
  'refuses to change a hash to one that can not be verified': (sound) => ({
    replaceHash: async (name, expected, replacement) =>
      sound.replaceHash(name, expected, replacement).catch(() => false),
  }),
  'keeps both of two changes made at once to one user': (sound) => ({
    update: async (name, changes) => {
      const user = await sound.find(name);
      await Promise.resolve();
      return sound.update(name, { ...user, ...changes });
    },
  }),
  'replaces a hash only while it is the expected one': (sound) => ({
    replaceHash: async (name, _, replacement) =>
      (await sound.update(name, { hash: replacement })).hash === replacement,
  }),
  'makes one of two replacements of one hash that are made at once': (sound) => ({
    replaceHash: async (name, _, replacement) =>
      (await sound.update(name, { hash: replacement })).hash === replacement,
  }),
  'deletes a user and says whether there was one': (sound) => ({
    delete: async (name, options) => (await sound.delete(name, options), true),
  }),
  'judges a user as it is at the change, and changes nothing that is refused': (sound) => ({
    update: (name, changes) => sound.update(name, changes),
  }),
  'shows to who judges a change the user who makes it, as of the change itself': (sound) => ({
    create: (user) => sound.create(user),
  }),
  'refuses to delete or demote the last admin unless forced': (sound) => ({
    delete: (name) => sound.delete(name, { force: true }),
  }),
  'lets the last admin change in all else, and any other admin go': (sound) => ({
    update: (name, changes) => sound.update(name, { ...changes, type: 'normal' }),
  }),
  'puts users in one change, if it can: new ones, and what changes of others': (sound) => ({
    putAll: (users) => sound.putAll(users.map(({ user }) => ({ user, changes: user }))),
  }),
  'puts none if one can not be put': (sound) => ({
    putAll: (users) => putOneByOne(sound, users),
  }),
  'passes the administrator on in one change, if it can': (sound) => ({
    putAll: (users) => putOneByOne(sound, users),
  }),
  'keeps one of the last two admins who are deleted or demoted at once': (sound) => ({
    delete: (name) => sound.delete(name, { force: true }),
    update: (name, changes) => sound.update(name, changes, { force: true }),
  }),
  'lists users by pattern, offset and limit in the order of the UTF-8 bytes of their names': (
    sound,
  ) => ({
    list: async (options) =>
      [...(await sound.list(options))].sort((a, b) => (a.name < b.name ? -1 : 1)),
  }),
  'lists the users whose names come after one, whether it is there or not': (sound) => ({
    list: ({ after: _unknown, ...options } = {}) => sound.list(options),
  }),
  'refuses a malformed pattern, with and without users': (sound) => ({
    list: async (options) => ((await sound.find('amy')) ? sound.list(options) : []),
  }),
  'knows its users after it was opened once more': (sound) => ({
    open: async () => {
      await sound.close();
      await sound.open();
    },
  }),
  'tells the highest cost of its hashes, where it tells any': () => ({ hashCost: 5 }),
  'answers nothing once it is closed, and may be closed again': () => ({ close: () => undefined }),
  'tells its listeners who changed before it acknowledges the change': () => ({
    watch: () => () => undefined,
  }),
  'finds the change already when it tells its listeners': (sound) => {
    const told: (() => void)[] = [];
    return {
      watch: (listener) => {
        told.push(listener);
        return () => undefined;
      },
      update: async (...change) => {
        for (const tell of told) tell();
        await Promise.resolve();
        return sound.update(...change);
      },
    };
  },
  'tells nothing to a listener that stopped, and goes on to tell the others': (sound) => ({
    watch: (listener) => {
      sound.watch(listener);
      return () => undefined;
    },
  }),
};

/** The rules that stores break that share nothing and keep nothing. */
const BEYOND_MEMORY = [
  'keeps its users when it is closed and opened again',
  'sees what another connection creates, changes and deletes',
  'tells its listeners of the changes that another connection makes',
  'loses nothing when two connections write at once',
  'keeps both of two changes that two connections make at once to one user',
  'creates one of two users of one name that two connections create at once',
  'keeps one of the last two admins whom two connections delete at once',
  'replaces a hash from one of two connections that try at once',
  'goes on when the other connection is closed',
];

function caseOf(cases: readonly ContractCase[], name: string): ContractCase {
  const found = cases.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}

describe('userStoreContract', () => {
  it('has a broken store here for each of its cases', () => {
    const names = userStoreContract(() => new MemoryUserStore()).map(({ name }) => name);
    expect([...names].sort()).toEqual([...Object.keys(DEFECTS), ...BEYOND_MEMORY].sort());
  });

  it('leaves out what a store does not claim', () => {
    const options = { watchable: false, durable: false, shared: false };
    const names = userStoreContract(() => new MemoryUserStore(), options).map(({ name }) => name);
    expect(
      names.filter((name) => BEYOND_MEMORY.includes(name) || name.includes('tells its')),
    ).toEqual([]);
  });

  it('is content with a sound store', async () => {
    const cases = userStoreContract(() => withDefect(() => ({})), {
      durable: false,
      shared: false,
    });
    await Promise.all(cases.map(({ run }) => run()));
  });

  it.each(Object.entries(DEFECTS))('finds a store out that breaks: %s', async (name, defect) => {
    const cases = userStoreContract(() => withDefect(defect));
    await expect(caseOf(cases, name).run()).rejects.toThrow();
  });

  it.each(BEYOND_MEMORY)('finds a store out that breaks: %s', async (name) => {
    let now = 0;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => (now += 1000));
    const cases = userStoreContract(() => new MemoryUserStore());
    await expect(caseOf(cases, name).run()).rejects.toThrow();
    clock.mockRestore();
  });

  it('closes each store that it opened, whatever came of it', async () => {
    let open = 0;
    const cases = userStoreContract(() =>
      withDefect((sound) => ({
        open: () => {
          open++;
          return sound.open();
        },
        close: () => {
          open--;
          return sound.close();
        },
        find: () => undefined,
      })),
    );
    await expect(caseOf(cases, 'finds a user as it was created').run()).rejects.toThrow();
    expect(open).toBe(0);
  });
});
