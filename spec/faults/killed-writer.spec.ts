import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import type { StoredUser, UserStore } from '../../lib/index.js';
import { FileUserStore, SqliteUserStore } from '../../lib/index.js';
import { rounds, tally } from '../support/runs.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { killAfter, stepsAhead } from './killed-writers.js';

const user = (name: string): StoredUser => ({
  name,
  type: 'normal',
  hash: `$2b$04$${'a'.repeat(53)}`,
  permissions: [],
});

/** A store, and what it must be like on disk after a writer was killed and the next has written. */
interface Killed {
  readonly file: string;
  readonly args: readonly [module: string, className: string];
  readonly open: (path: string) => UserStore;
  readonly beforeNextStart: (path: string) => void;
  readonly expectClean: (folder: string) => void;
}

const STORES: readonly Killed[] = [
  {
    file: 'users.json',
    args: ['stores/file-store.js', 'FileUserStore'],
    open: (path) => new FileUserStore(path),
    beforeNextStart: (path) => {
      if (existsSync(path)) JSON.parse(readFileSync(path, 'utf8'));
      if (!existsSync(`${path}.lock`)) return;
      // As if the next had waited for the lock of the dead to go stale.
      const past = Date.now() / 1000 - 60;
      utimesSync(`${path}.lock`, past, past);
    },
    expectClean: (folder) => {
      expect(readdirSync(folder)).toEqual(['users.json']);
    },
  },
  {
    file: 'users.db',
    args: ['stores/sqlite-store.js', 'SqliteUserStore'],
    open: (path) => new SqliteUserStore(path),
    beforeNextStart: () => undefined,
    expectClean: (folder) => {
      const database = new Database(join(folder, 'users.db'));
      expect(database.prepare('PRAGMA integrity_check').raw().get()).toEqual(['ok']);
      database.close();
      expect(readdirSync(folder).filter((name) => !name.startsWith('users.db'))).toEqual([]);
    },
  },
];

it.each(STORES)(
  'of a writer that is killed again and again, $file holds every acknowledged change, and the next starts clean',
  async ({ file, args, open, beforeNextStart, expectClean }) => {
    const folder = temporaryFolderOf(file);
    const path = join(folder, file);
    let told = new Map<string, string>();
    const count = rounds({ usual: 20, nightly: 200 });
    for (let round = 0; round < count; round++) {
      const [module, className] = args;
      const writer = { module, className, place: path, prefix: `r${String(round)}-` };
      await killAfter(1 + ((7 * round) % 19), writer, told);
      beforeNextStart(path);

      const store = open(path);
      await store.open?.();
      const users = await store.list();
      const ahead = stepsAhead(told, users);
      // All is as acknowledged, but for one change that had been made and not yet told of.
      expect(ahead.filter((steps) => steps < 0 || steps > 1)).toEqual([]);
      expect(ahead.filter((steps) => steps === 1).length).toBeLessThanOrEqual(1);

      await store.create(user(`after${String(round)}`));
      told = new Map(
        [...(await store.list())].map(({ name, permissions }) => [
          name,
          permissions.length > 0 ? 'changed' : 'created',
        ]),
      );
      await store.close?.();
      expectClean(folder);
    }
    tally('rounds of kill -9', count);
  },
);

const root = temporaryFolder();

function temporaryFolderOf(name: string): string {
  const folder = join(root, name.replace('.', '-'));
  mkdirSync(folder);
  return folder;
}
