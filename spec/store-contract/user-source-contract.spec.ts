import type { StoredUser, UserSource } from 'kapacitor-auth/store-contract';
import { userSourceContract } from 'kapacitor-auth/store-contract';
import { MemoryUserStore } from '../../lib/stores/memory-store.js';

const hash = `$2b$04$${'a'.repeat(53)}`;

function copyOf(user: StoredUser): StoredUser {
  return { ...user, permissions: [...user.permissions] };
}

describe('userSourceContract', () => {
  const users: readonly StoredUser[] = [
    { name: 'Zoë', type: 'normal', hash, permissions: ['api'] },
    { name: 'root', type: 'admin', hash: hash.replace('04', '05'), permissions: [] },
  ];

  function source(
    defect: (sound: MemoryUserStore) => Partial<UserSource> = () => ({}),
  ): UserSource {
    const sound = new MemoryUserStore(users);
    const readOnly: UserSource = {
      get hashCost() {
        return sound.hashCost;
      },
      open: () => sound.open(),
      close: () => sound.close(),
      find: (name) => sound.find(name),
    };
    return Object.defineProperties(readOnly, Object.getOwnPropertyDescriptors(defect(sound)));
  }

  for (const { name, run } of userSourceContract(() => source(), users)) it(name, run);

  it.each<[string, (sound: MemoryUserStore) => Partial<UserSource>]>([
    ['finds each of its users', () => ({ find: () => undefined })],
    [
      'finds nobody by a name that is not known, nor by one in other letters',
      (sound) => ({ find: (name) => sound.find(name.trim()) }),
    ],
    [
      'keeps its users apart from the objects it gives out',
      () => {
        const own = new Map(users.map((user) => [user.name, copyOf(user)]));
        return { find: (name) => own.get(name) };
      },
    ],
    [
      'knows its users after it was opened once more',
      (sound) => {
        let times = 0;
        return { open: () => (times++ === 0 ? sound.open() : sound.close()) };
      },
    ],
    ['tells the highest cost of its hashes, where it tells any', () => ({ hashCost: 4 })],
    [
      'answers nothing once it is closed, and may be closed again',
      () => ({ close: () => undefined }),
    ],
  ])('finds a source out that breaks: %s', async (name, defect) => {
    const cases = userSourceContract(() => source(defect), users);
    const [found] = cases.filter((candidate) => candidate.name === name);
    await expect(found?.run()).rejects.toThrow();
  });

  it('is content with a source that has no more than it must', async () => {
    const find = (wanted: string) => {
      const user = users.find(({ name }) => name === wanted);
      return user && copyOf(user);
    };
    const cases = userSourceContract(() => ({ find }), users);
    for (const { name, run } of cases) {
      if (!name.includes('closed')) await run();
    }
  });
});
