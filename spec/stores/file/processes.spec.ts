import { once } from 'node:events';
import { join } from 'node:path';
import { FileUserStore } from '../../../lib/stores/file-store.js';
import { runWithLib, spawnWithLib } from '../../support/lib-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';

const hash = `$2b$04$${'a'.repeat(53)}`;

/** Creates users. */
const CREATE_USERS = `
  const [path, prefix, count] = args;
  const { FileUserStore } = lib('stores/file-store.js');
  const store = new FileUserStore(path);
  await store.open();
  for (let index = 0; index < Number(count); index++) {
    const name = prefix + index;
    await store.create({ name, type: 'normal', hash: ${JSON.stringify(hash)}, permissions: [] });
  }
`;

describe('processes that share a file of users', () => {
  const path = join(temporaryFolder(), 'users.json');

  it('lose nothing when they write at once, and are seen by one that looks on', async () => {
    const watching = new FileUserStore(path);
    await watching.open();
    const told = new Set<string | undefined>();
    watching.watch((name) => told.add(name));
    const prefixes = ['a', 'b', 'c'];
    const exits = prefixes.map(async (prefix) => {
      const child = spawnWithLib({ script: CREATE_USERS, args: [path, prefix, '20'] });
      child.stdout.resume();
      return once(child, 'exit');
    });
    expect(await Promise.all(exits)).toEqual(prefixes.map(() => [0, null]));

    const names = prefixes.flatMap((prefix) =>
      Array.from({ length: 20 }, (_, index) => `${prefix}${String(index)}`),
    );
    await until('all changes are told', () => told.size >= names.length);
    expect(told).toEqual(new Set(names));
    expect(new Set(watching.list().map(({ name }) => name))).toEqual(told);
    await watching.close();
  });

  it('can end while their store is open and watched', async () => {
    const script = `
      const { FileUserStore } = lib('stores/file-store.js');
      const store = new FileUserStore(args[0]);
      await store.open();
      store.watch(() => undefined);
      console.log(store.list().length);
    `;
    await expect(runWithLib({ script, args: [path] })).resolves.toBe(60);
  });
});
