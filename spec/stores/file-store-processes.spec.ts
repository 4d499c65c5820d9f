import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FileUserStore } from '../../lib/stores/file-store.js';
import { runWithLib, spawnWithLib } from '../support/lib-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const hash = `$2b$04$${'a'.repeat(53)}`;

/** Creates users and prints the name of each once it is acknowledged. */
const CREATE_USERS = `
  const [path, prefix, count] = args;
  const { FileUserStore } = lib('stores/file-store.js');
  const store = new FileUserStore(path);
  await store.open();
  for (let index = 0; index < Number(count); index++) {
    const name = prefix + index;
    await store.create({ name, type: 'normal', hash: ${JSON.stringify(hash)}, permissions: [] });
    console.log(name);
  }
`;

describe('a file of users', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'users.json');

  it('holds every acknowledged user after its writer was killed, again and again', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 8; round++) {
      const args = [path, `round${String(round)}-`, '1000'];
      const child = spawnWithLib({ script: CREATE_USERS, args });
      let left = 1 + 3 * round;
      for await (const name of createInterface(child.stdout)) {
        acknowledged.push(name);
        if (--left === 0) child.kill('SIGKILL');
      }
      expect(child.signalCode ?? (await once(child, 'exit'))[1]).toBe('SIGKILL');

      if (existsSync(`${path}.lock`)) {
        // As if the next had waited for the lock of the dead to go stale.
        const past = Date.now() / 1000 - 60;
        utimesSync(`${path}.lock`, past, past);
      }
      expect(() => {
        JSON.parse(readFileSync(path, 'utf8'));
      }).not.toThrow();
      const store = new FileUserStore(path);
      await store.open();
      const names = new Set(store.list().map(({ name }) => name));
      expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
      await store.create({ name: `after${String(round)}`, type: 'normal', hash, permissions: [] });
      acknowledged.push(`after${String(round)}`);
      await store.close();
      expect(readdirSync(folder)).toEqual(['users.json']);
    }
  });
});

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
    while (told.size < names.length) await new Promise((resolve) => setTimeout(resolve, 20));
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
