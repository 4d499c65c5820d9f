import { mkdirSync, mkdtempSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'libsql';
import { silentLogger } from '../../lib/logger.js';
import { userStoreContract } from '../../lib/store-contract.js';
import { UserTable } from '../../lib/stores/sqlite/user-table.js';
import { SqliteUserStore } from '../../lib/stores/sqlite-store.js';
import type { StoredUser } from '../../lib/stores/user-store.js';
import { KEEPING_ALL } from '../support/keeping-all.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const amy: StoredUser = {
  name: 'amy',
  type: 'normal',
  hash: '$2b$04$wooJKfWf4.ZObmVVCA52t.bmQBcr5nJl5timVEYysN1JXX4KUkwBu',
  permissions: ['api'],
};

let places = 0;
const newPath = () => join(folder, `${String(++places)}.db`);

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !condition();) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await delay(10);
  }
}

const KEEPING = { subscriptions: true, endedSessions: true, ...KEEPING_ALL };

describe('SqliteUserStore on a file', () => {
  const open = (place: string) => new SqliteUserStore(join(folder, `${place}.db`));
  for (const { name, run } of userStoreContract(open, KEEPING)) it(name, run);
});

describe('SqliteUserStore in memory', () => {
  const open = () => new SqliteUserStore(':memory:');
  const options = { durable: false, shared: false, ...KEEPING };
  for (const { name, run } of userStoreContract(open, options)) it(name, run);
});

describe('SqliteUserStore', () => {
  it('opens itself when it is first asked, and from then on finds at once', async () => {
    const store = new SqliteUserStore(newPath());
    expect(store.hashCost).toBe(0);
    const first = store.find('amy');
    expect(first).toBeInstanceOf(Promise);
    await expect(first).resolves.toBeUndefined();
    await store.create(amy);
    expect(store.find('amy')).toMatchObject(amy);
    expect(store.hashCost).toBe(4);
    await store.close();
  });

  it('opens after it failed to once the reason is gone', async () => {
    const path = join(folder, 'later', 'users.db');
    const store = new SqliteUserStore(path);
    await expect(store.open()).rejects.toMatchObject({
      code: 'ERR_KAUTH_STORE_UNAVAILABLE',
      message: `the user database ${path} is in a folder that does not exist: make the folder, or set store.path`,
    });
    mkdirSync(join(folder, 'later'));
    await expect(store.create(amy)).resolves.toMatchObject(amy);
    await store.close();
  });

  it('takes its path for that of a file, whatever it looks like, in the folder where it was made', async () => {
    const before = process.cwd();
    const cwd = realpathSync(mkdtempSync(join(folder, 'cwd-')));
    process.chdir(cwd);
    const [memory, remote, nameless] = [
      new SqliteUserStore('file:users.db?mode=memory'),
      new SqliteUserStore('libsql://example.com'),
      new SqliteUserStore(''),
    ];
    process.chdir(before);
    await memory.open();
    expect(readdirSync(cwd)).toContain('file:users.db?mode=memory');
    await expect(remote.open()).rejects.toThrow(`${cwd}/libsql:/example.com is in a folder`);
    await expect(nameless.open()).rejects.toThrow(`${cwd} is not a file`);
    await memory.close();
  });

  it('stays closed when it is closed while it opens', async () => {
    const store = new SqliteUserStore(newPath());
    const opening = store.open();
    await store.close();
    await opening;
    await expect(store.find('amy')).rejects.toMatchObject({
      message: 'the user store is not open',
    });
  });

  it('closes though it could not be opened', async () => {
    const store = new SqliteUserStore(folder);
    const opening = store.open();
    await store.close();
    await expect(opening).rejects.toMatchObject({
      message: `${folder} is not a file: set store.path`,
    });
  });

  it('never compares with a hash of another scheme that somebody wrote into the file', async () => {
    const path = newPath();
    const store = new SqliteUserStore(path);
    await store.create(amy);
    const database = new Database(path);
    expect(() => database.exec("UPDATE users SET hash = 'secret'")).toThrow('CHECK constraint');
    database.exec("PRAGMA ignore_check_constraints = 1; UPDATE users SET hash = 'secret'");
    database.close();

    const unusable = expect.objectContaining({
      code: 'ERR_KAUTH_STORE_UNAVAILABLE',
      message: expect.not.stringContaining('secret'),
    });
    expect(() => store.find('amy')).toThrow(unusable);
    await expect(store.list()).rejects.toEqual(unusable);
    await expect(store.replaceHash('amy', 'secret', amy.hash)).rejects.toEqual(unusable);
    await expect(store.delete('amy')).resolves.toBe(true);
    await expect(store.create(amy)).resolves.toMatchObject(amy);
    await store.close();
  });

  it('does not take the one half of a surrogate pair for the other', async () => {
    const path = newPath();
    const store = new SqliteUserStore(path);
    await store.create(amy);
    const database = new Database(path);
    database.exec(
      "INSERT INTO users (name, type, hash, permissions) SELECT char(65533), type, hash, '' FROM users",
    );
    database.close();
    expect(store.find('\ud800')).toBeUndefined();
    expect(() => store.find('\ufffd')).toThrow('username must contain only');
    await store.close();
  });
});

describe('SqliteUserStore while another connection changes something', () => {
  it('waits for it, and leaves the event loop to others meanwhile', async () => {
    const path = newPath();
    const store = new SqliteUserStore(path);
    await store.open();
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    let isCreated = false;
    const creating = store.create(amy).then(() => (isCreated = true));
    for (let turn = 0; turn < 20; turn++) await delay(1);
    expect(isCreated).toBe(false);
    expect(store.find('amy')).toBeUndefined();
    other.exec('COMMIT');
    other.close();
    await creating;
    expect(store.find('amy')).toMatchObject(amy);
    await store.close();
  });

  it('waits for it to open, be it for another process that makes the same database', async () => {
    const path = newPath();
    const other = new Database(path);
    other.exec('BEGIN EXCLUSIVE; CREATE TABLE users (name)');
    const store = new SqliteUserStore(path, { logger: silentLogger });
    const opening = store.open();
    for (let turn = 0; turn < 20; turn++) await delay(1);
    other.exec('ROLLBACK');
    other.close();
    await opening;
    expect(store.find('amy')).toBeUndefined();
    await store.close();
  });

  it('gives up after twenty seconds, having changed nothing', async () => {
    const path = newPath();
    const store = new SqliteUserStore(path);
    await store.open();
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    const clock = jest.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValueOnce(20_000);
    clock.mockReturnValue(20_001);
    await expect(store.create(amy)).rejects.toMatchObject({
      code: 'ERR_KAUTH_STORE_UNAVAILABLE',
      message: `the user database ${path} is locked by another program: end its transaction and try again`,
    });
    expect(clock).toHaveBeenCalledTimes(3);
    clock.mockRestore();
    other.exec('ROLLBACK');
    other.close();
    expect(store.find('amy')).toBeUndefined();
    await store.close();
  });
});

describe('SqliteUserStore.watch', () => {
  it('tells of what others changed since it was opened, and only once', async () => {
    const path = newPath();
    const store = new SqliteUserStore(path);
    await store.create(amy);
    const told: (string | undefined)[] = [];
    const stop = store.watch((name) => told.push(name));
    await delay(600);
    expect(told).toEqual([]);

    const other = new SqliteUserStore(path);
    await other.delete('amy');
    await until(() => told.length > 0);
    await delay(600);
    expect(told).toStrictEqual([undefined]);

    stop();
    await other.create(amy);
    await delay(600);
    expect(told).toStrictEqual([undefined]);
    await Promise.all([store.close(), other.close()]);
  });

  it('goes on to look for changes while somebody is left who watches', async () => {
    const path = newPath();
    const store = new SqliteUserStore(path);
    const told: (string | undefined)[] = [];
    const stop = store.watch(() => undefined);
    store.watch((name) => told.push(name));
    stop();
    await delay(600);
    await store.open();
    const other = new SqliteUserStore(path);
    await other.create(amy);
    await until(() => told.length > 0);
    await Promise.all([store.close(), other.close()]);
  });

  it('tells nothing where nothing changed', async () => {
    const store = new SqliteUserStore(newPath());
    await store.create(amy);
    const told = jest.fn();
    store.watch(told);
    await expect(store.replaceHash('amy', 'another hash', amy.hash)).resolves.toBe(false);
    await expect(store.delete('bob')).resolves.toBe(false);
    await expect(store.create(amy)).rejects.toThrow('already exists');
    expect(told).not.toHaveBeenCalled();
    await store.close();
  });

  it('tells that any user may have changed while nobody can look', async () => {
    const store = new SqliteUserStore(newPath());
    await store.open();
    const look = jest.spyOn(UserTable.prototype, 'hasChangedElsewhere').mockImplementation(() => {
      throw new Error('disk I/O error');
    });
    const told: (string | undefined)[] = [];
    store.watch((name) => told.push(name));
    await until(() => told.length > 0);
    expect(told).toStrictEqual([undefined]);
    look.mockRestore();
    await store.close();
  });
});
