import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { kapacitorAuth } from '../../lib/index.js';
import { FileUserStore } from '../../lib/stores/file-store.js';
import { MemoryUserStore } from '../../lib/stores/memory-store.js';
import { SqliteUserStore } from '../../lib/stores/sqlite-store.js';
import type { UserStore } from '../../lib/stores/user-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const hash = `$2b$04$${'.'.repeat(53)}`;
const OLD = 'n'.repeat(1000);

/** Stores with a user whom an earlier release made. */
const STORES: readonly (readonly [string, () => Promise<UserStore>])[] = [
  ['memory', () => Promise.resolve(new MemoryUserStore([{ name: OLD, hash }]))],
  [
    'a file',
    () => {
      const path = join(folder, 'users.json');
      writeFileSync(path, JSON.stringify({ version: 1, users: [{ name: OLD, hash }] }), {
        mode: 0o600,
      });
      return Promise.resolve(new FileUserStore(path));
    },
  ],
  [
    'SQLite',
    async () => {
      const path = join(folder, `users${String(Math.random())}.db`);
      const store = new SqliteUserStore(path);
      await store.open();
      const database = new Database(path);
      database
        .prepare("INSERT INTO users (name, type, hash, permissions) VALUES (?, 'normal', ?, '')")
        .run(OLD, hash);
      database.close();
      return store;
    },
  ],
];

describe.each(STORES)('long names in %s', (_kind, make) => {
  it('of new users end at 255 bytes', async () => {
    const store = await make();
    const auth = kapacitorAuth({ http: { authEnabled: true }, auth: { enabled: true }, store });
    await auth.ready();
    for (const longest of ['n'.repeat(255), 'é'.repeat(127)]) {
      const user = { name: longest, type: 'normal' as const, hash, permissions: [] };
      expect(await store.create(user)).toMatchObject({ name: longest });
      for (const name of [`${longest}é`, `${longest}n`.padEnd(256, 'n')]) {
        const refusal = 'username must not be longer than 255 bytes';
        await expect(async () => store.create({ ...user, name })).rejects.toThrow(refusal);
        await expect(auth.users?.create({ name, hash })).rejects.toThrow(refusal);
      }
    }
    await auth.close();
  });

  it('that are there can be used, changed and deleted', async () => {
    const store = await make();
    await store.open?.();
    expect(await store.find(OLD)).toMatchObject({ name: OLD });
    expect((await store.list()).map(({ name }) => name)).toContain(OLD);
    expect(await store.update(OLD, { permissions: ['api'] })).toMatchObject({
      permissions: ['api'],
    });
    expect(await store.delete(OLD)).toBe(true);
    await store.close?.();
  });
});
