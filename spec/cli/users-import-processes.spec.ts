import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { StoredUser, UserStore } from '../../lib/index.js';
import { FileUserStore, SqliteUserStore } from '../../lib/index.js';
import { spawnWithLib } from '../support/lib-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { Child, installedMain } from './child.js';

const HASH = '$2b$04$wooJKfWf4.ZObmVVCA52t.bmQBcr5nJl5timVEYysN1JXX4KUkwBu';
const USERS = 2_000;

const exported = z.object({
  users: z.array(z.object({ name: z.string(), type: z.string() })),
});

const folder = temporaryFolder();
const opened: UserStore[] = [];
let places = 0;

afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close?.()));
});

function place(extension: string): string {
  places += 1;
  return join(folder, `users-${String(places)}.${extension}`);
}

async function open(path: string): Promise<UserStore> {
  const store = path.endsWith('.db') ? new SqliteUserStore(path) : new FileUserStore(path);
  opened.push(store);
  await store.open();
  return store;
}

function user(name: string, type: StoredUser['type'] = 'normal'): StoredUser {
  return { name, type, hash: HASH, permissions: [] };
}

/** An export of an administrator and many others. */
function exportOf(count: number): string {
  const path = place('given');
  const names = Array.from({ length: count - 1 }, (_, index) => `user-${String(index)}`);
  const users = [user('root', 'admin'), ...names.map((name) => user(name))];
  writeFileSync(path, JSON.stringify({ version: 1, users }));
  return path;
}

function start(...words: readonly string[]): Child {
  return new Child(process.execPath, [installedMain(), 'users', ...words], { cwd: folder });
}

async function countIn(store: UserStore): Promise<number> {
  return (await store.list()).length;
}

describe('users import, as a process', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'says how far it came when %s stops it, and goes on by the same command',
    async (signal) => {
      const path = place('db');
      const [store, file] = [await open(path), exportOf(USERS)];
      const child = start('import', file, '--store', path);
      await until('ten users are imported', async () => (await countIn(store)) >= 10);
      child.process.kill(signal);
      const exitCode = await child.exited;
      const done = await countIn(store);
      expect(done).toBeLessThan(USERS);
      expect([exitCode, child.stderr]).toEqual([
        signal === 'SIGINT' ? 130 : 143,
        `kapacitor-auth: stopped by ${signal}: ${String(done)} of ${String(USERS)} users are done; the same command goes on\n`,
      ]);
      expect(child.stdout).toContain(`added ${String(done)} users to ${path} (sqlite): root, `);
      expect(await start('import', file, '--update', '--store', path).exited).toBe(0);
      expect(await countIn(store)).toBe(USERS);
    },
    60_000,
  );

  it.each(['db', 'json'])(
    'has all or none with --atomic at any time, also for those who look on and when it is killed (%s)',
    async (extension) => {
      const path = place(extension);
      const [store, file] = [await open(path), exportOf(USERS)];
      await store.create(user('first', 'admin'));
      const counts = new Set<number>();
      for (const patience of [150, 300, 450, 600, Infinity]) {
        const child = start('import', file, '--atomic', '--store', path);
        const ended: true[] = [];
        void child.exited.then(() => ended.push(true));
        if (patience !== Infinity) setTimeout(() => child.process.kill('SIGKILL'), patience);
        await until('the import has ended', async () => {
          counts.add(await countIn(store));
          return ended.length > 0;
        });
        await child.exited;
      }
      const whole = USERS + 1;
      await until('all users are seen', async () => (await countIn(store)) === whole);
      expect([...counts].filter((count) => count !== 1 && count !== whole)).toEqual([]);
    },
    60_000,
  );
});

describe('users export, as a process', () => {
  it('writes the users of one moment while others change them', async () => {
    const path = place('db');
    const store = await open(path);
    await store.putAll?.([
      { user: user('a', 'admin') },
      ...Array.from({ length: 3_000 }, (_, index) => ({ user: user(`m-${String(index)}`) })),
      { user: user('z') },
    ]);
    // The first and the last of the list take turns as the one administrator.
    const changing = spawnWithLib({
      script: `
        const { SqliteUserStore } = lib('stores/sqlite-store.js');
        const store = new SqliteUserStore(args[0]);
        await store.open();
        for (let [one, other] = ['a', 'z']; ; [one, other] = [other, one]) {
          await store.update(other, { type: 'admin' });
          await store.update(one, { type: 'normal' });
        }`,
      args: [path],
    });
    try {
      for (let run = 0; run < 8; run += 1) {
        const child = start('export', '--store', path);
        expect(await child.exited).toBe(0);
        const { users } = exported.parse(JSON.parse(child.stdout));
        expect(users).toHaveLength(3_002);
        const admins = users.filter(({ type }) => type === 'admin').map(({ name }) => name);
        expect([['a'], ['z'], ['a', 'z']]).toContainEqual(admins);
      }
    } finally {
      changing.kill();
    }
  }, 60_000);
});
