import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { SqliteDatabase } from '../../../lib/stores/sqlite/database.js';
import { migrate } from '../../../lib/stores/sqlite/schema.js';
import { SqliteUserStore } from '../../../lib/stores/sqlite-store.js';
import type { StoredUser } from '../../../lib/stores/user-store.js';
import { listeningLogger } from '../../support/listening-logger.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { unprivileged } from '../../support/unprivileged.js';

const REFERENCE = join(__dirname, '../../../fixtures/reference');

const amy: StoredUser = {
  name: 'amy',
  type: 'normal',
  hash: '$2b$04$wooJKfWf4.ZObmVVCA52t.bmQBcr5nJl5timVEYysN1JXX4KUkwBu',
  permissions: ['api'],
};

const folder = temporaryFolder();
let places = 0;
const newPath = () => join(folder, `${String(++places)}.db`);

function fileOf(content: string | Buffer): string {
  const path = newPath();
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

/** A database made by plain SQL, all of it in one file. */
function databaseOf(sql: string): string {
  const path = newPath();
  const database = new Database(path);
  database.exec(sql);
  database.close();
  return path;
}

/** A copy of a store's database as a file that no connection has open. */
async function databaseOfUsers(count: number): Promise<string> {
  const path = newPath();
  const store = new SqliteUserStore(path);
  await store.open();
  await store.close();
  const copy = newPath();
  const database = new Database(path);
  database.exec(
    `WITH RECURSIVE number (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < ${String(count)})
     INSERT INTO users (name, type, hash, permissions)
       SELECT printf('user%05d', i), 'normal', '${amy.hash}', 'api' FROM number;
     PRAGMA wal_checkpoint(TRUNCATE)`,
  );
  database.close();
  copyFileSync(path, copy);
  chmodSync(copy, 0o600);
  return copy;
}

async function openingOf(path: string): Promise<unknown> {
  const store = new SqliteUserStore(path, { logger: listeningLogger() });
  try {
    await store.open();
    return 'opened';
  } catch (error) {
    return error;
  } finally {
    await store.close();
  }
}

describe('opening a SqliteUserStore on a file that is not its own', () => {
  const FOREIGN: Readonly<Record<string, [make: () => string, problem: string]>> = {
    'a database of Kapacitor (bbolt)': [
      () => fileOf(readFileSync(join(REFERENCE, 'kapacitor.db'))),
      'is not a SQLite database',
    ],
    'a text': [() => fileOf('users:\n  - amy\n'), 'is not a SQLite database'],
    'a database of an application without a number': [
      () => databaseOf('CREATE TABLE users (name TEXT)'),
      'is a database of another program',
    ],
    'a database in WAL mode': [
      () => databaseOf('CREATE TABLE users (name TEXT); PRAGMA journal_mode = WAL'),
      'is a database of another program',
    ],
    'an empty database of another application': [
      () => databaseOf('PRAGMA application_id = 252006674'),
      'is a database of another program',
    ],
    'a database in UTF-16': [
      () => databaseOf("PRAGMA encoding = 'UTF-16'; CREATE TABLE gone (name); DROP TABLE gone"),
      'is kept in UTF-16',
    ],
    'a database of a newer release': [
      () => {
        const path = newPath();
        migrate(new SqliteDatabase(path), ['', '', '', '', '', '', '']);
        return path;
      },
      'is of a newer release of kapacitor-auth (schema 7, this release knows 6)',
    ],
  };

  it.each(Object.entries(FOREIGN))('refuses %s and leaves it as it was', async (_, row) => {
    const [make, problem] = row;
    const path = make();
    const bytes = readFileSync(path);
    const error = await openingOf(path);
    expect(error).toMatchObject({ code: 'ERR_KAUTH_STORE_UNAVAILABLE', status: 503 });
    expect(String(error)).toContain(`${path} ${problem}`);
    expect(String(error)).toContain('was left as it is');
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it('makes an empty file its own', async () => {
    const path = fileOf('');
    expect(await openingOf(path)).toBe('opened');
    expect(await openingOf(path)).toBe('opened');
  });
});

describe('opening a SqliteUserStore on a damaged file', () => {
  it('refuses one that was cut off', async () => {
    const path = await databaseOfUsers(1000);
    truncateSync(path, 8192);
    const store = new SqliteUserStore(path);
    await expect(store.list()).rejects.toMatchObject({
      code: 'ERR_KAUTH_STORE_UNAVAILABLE',
      message: `the user database ${path} is damaged: restore it from a backup`,
    });
    await store.close();
  });

  it('never reports a user absent whose page can not be read', async () => {
    const path = await databaseOfUsers(5000);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0x5a, 2 * 4096));
    const store = new SqliteUserStore(path);
    await store.open();
    expect(() => store.find('user04000')).toThrow('is damaged');
    expect(() => store.find('nobody')).toThrow('is damaged');
    await expect(store.list()).rejects.toThrow('is damaged');
    await expect(store.create(amy)).rejects.toThrow('is damaged');
    await expect(store.delete('user04000')).rejects.toThrow('is damaged');
    await store.close();
  });
});

describe('the files of a SqliteUserStore', () => {
  it('are readable by their owner only, whatever the umask', async () => {
    const umask = process.umask(0);
    const path = newPath();
    const store = new SqliteUserStore(path);
    await store.create(amy);
    process.umask(umask);
    const modes = ['', '-wal', '-shm'].map((suffix) => statSync(`${path}${suffix}`).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600]);
    await store.close();
  });

  it.each([0o604, 0o602, 0o640, 0o660])(
    'are warned about once when others may use them (mode %d)',
    async (mode) => {
      const path = fileOf('');
      chmodSync(path, mode);
      const logger = listeningLogger();
      for (const store of [1, 2].map(() => new SqliteUserStore(path, { logger }))) {
        await store.open();
        await store.close();
      }
      expect(logger.lines).toEqual([
        `warn WRN_KAUTH_STORE_FILE_MODE: ${path} holds password hashes and is open to others: set its mode to 0600`,
      ]);
    },
  );

  it.each([
    ['no database', 'root:x:0:0:root:/root:/bin/bash\n'.repeat(50)],
    ['another database', () => databaseOf('CREATE TABLE users (name TEXT)')],
  ])('are not warned about when they are %s, and so no store', async (_what, content) => {
    const path = typeof content === 'string' ? fileOf(content) : content();
    chmodSync(path, 0o644);
    const logger = listeningLogger();
    const store = new SqliteUserStore(path, { logger });
    await expect(store.open()).rejects.toMatchObject({ code: 'ERR_KAUTH_STORE_UNAVAILABLE' });
    expect(logger.lines).toEqual([]);
    await store.close();
  });

  it('are not warned about when they are private', async () => {
    const logger = listeningLogger();
    const store = new SqliteUserStore(newPath(), { logger });
    await store.open();
    await store.close();
    expect(logger.lines).toEqual([]);
  });
});

describe('a SqliteUserStore that may not write', () => {
  /** A database in a folder of its own that others can reach. */
  async function placed(fileMode: number, folderMode: number): Promise<string> {
    chmodSync(folder, 0o755);
    const place = join(folder, `place-${String(++places)}`);
    const path = join(place, 'users.db');
    mkdirSync(place);
    copyFileSync(await databaseOfUsers(10), path);
    chmodSync(path, fileMode);
    chmodSync(place, folderMode);
    return path;
  }

  it('finds and lists users where the file can not be written', async () => {
    const path = await placed(0o444, 0o777);
    await unprivileged(async () => {
      const store = new SqliteUserStore(path, { logger: listeningLogger() });
      await store.open();
      expect(store.find('user00001')).toMatchObject({ name: 'user00001' });
      await expect(store.list()).resolves.toHaveLength(10);
      await expect(store.create(amy)).rejects.toMatchObject({
        code: 'ERR_KAUTH_STORE_UNAVAILABLE',
        message: expect.stringContaining("can't be written: let this user write the file"),
      });
      expect(store.find('amy')).toBeUndefined();
      await store.close();
    });
  });

  it.each([
    [
      'its folder can not be written',
      0o444,
      0o555,
      "can't be written: let this user write the file and its folder",
    ],
    [
      'the file can not be read',
      0o000,
      0o777,
      "can't be opened: let this user read and write the file",
    ],
  ])('does not open where %s', async (_, fileMode, folderMode, problem) => {
    const path = await placed(fileMode, folderMode);
    await unprivileged(async () => {
      const error = await openingOf(path);
      expect(error).toMatchObject({ code: 'ERR_KAUTH_STORE_UNAVAILABLE' });
      expect(String(error)).toContain(`${path} ${problem}`);
    });
  });

  it('does not open where the file can not be made', async () => {
    const path = join(join(await placed(0o600, 0o555), '..'), 'other.db');
    await unprivileged(async () => {
      expect(String(await openingOf(path))).toContain(
        `${path} can't be made: let this user write its folder`,
      );
    });
    expect(existsSync(path)).toBe(false);
  });
});
