import { once } from 'node:events';
import { join } from 'node:path';
import { SqliteUserStore } from '../../../lib/stores/sqlite-store.js';
import { runWithLib, spawnWithLib } from '../../support/lib-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const PREPARE = `
  const { SqliteUserStore } = lib('stores/sqlite-store.js');
  const [path, prefix, count] = args;
  const user = (name) => ({ name, type: 'normal', hash: '$2b$04$' + 'a'.repeat(53), permissions: [] });
  const store = new SqliteUserStore(path);
`;

/** Creates users and changes each. */
const WRITE = `
  for (let index = 0; index < Number(count); index++) {
    const name = prefix + index;
    await store.create(user(name));
    await store.update(name, { permissions: ['api'] });
  }
`;

async function permissionsByName(path: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const store = new SqliteUserStore(path);
  const users = await store.list();
  await store.close();
  return new Map(users.map(({ name, permissions }) => [name, permissions]));
}

describe('processes that share a database of users', () => {
  const path = join(temporaryFolder(), 'users.db');
  const prefixes = ['a', 'b', 'c'];

  // Each watches before any of the others writes on, so that each has something to be told of.
  it('make it, write to it at once and lose nothing, and each is told of what the others do', async () => {
    const script = `${PREPARE}
      const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
      const hasUsers = async (count) => (await store.list()).length >= count;
      let isTold = false;
      store.watch((name) => { isTold ||= name === undefined; });
      await store.create(user(prefix));
      while (!(await hasUsers(3))) await pause();
      ${WRITE}
      while (!isTold || !(await hasUsers(153))) await pause();
      await store.close();
    `;
    const exits = prefixes.map(async (prefix) => {
      const child = spawnWithLib({ script, args: [path, prefix, '50'] });
      child.stdout.resume();
      return once(child, 'exit');
    });
    expect(await Promise.all(exits)).toEqual(prefixes.map(() => [0, null]));

    const found = await permissionsByName(path);
    expect(found.size).toBe(153);
    const changed = [...found].filter(([name]) => !prefixes.includes(name));
    expect(changed.every(([, permissions]) => permissions.join() === 'api')).toBe(true);
  });

  it('can end while their store is open and watched', async () => {
    const script = `${PREPARE}
      store.watch(() => undefined);
      await store.open();`;
    expect(await once(spawnWithLib({ script, args: [path] }), 'exit')).toEqual([0, null]);
  });
});

it('loads libsql with the first store that is opened', async () => {
  const script = `${PREPARE}
    const isLoaded = () => Object.keys(require.cache).some((file) => file.includes('libsql/index.js'));
    const before = isLoaded();
    await store.open();
    console.log(JSON.stringify([before, isLoaded()]));`;
  await expect(runWithLib({ script, args: [':memory:'] })).resolves.toEqual([false, true]);
});
