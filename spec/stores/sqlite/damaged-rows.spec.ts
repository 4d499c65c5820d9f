import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger } from '../../../lib/logger.js';
import { UnusableUserError } from '../../../lib/stores/rules/unusable-user.js';
import { SqliteUserStore } from '../../../lib/stores/sqlite-store.js';
import type { UnusableUser } from '../../../lib/stores/subscription-store.js';
import type { StoredUser } from '../../../lib/stores/user-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { tamper, tamperAnyhow } from './damaged-database.js';

const folder = temporaryFolder();
let places = 0;

const HASH = `$2b$04$${'a'.repeat(53)}`;
const user = (name: string, type: StoredUser['type'] = 'normal'): StoredUser => ({
  name,
  type,
  hash: HASH,
  permissions: ['api'],
});

/** A store of three users. */
async function three(): Promise<{ path: string; store: SqliteUserStore }> {
  const path = join(folder, `${String(++places)}.db`);
  const store = new SqliteUserStore(path, { logger: silentLogger });
  for (const each of [user('amy'), user('bob'), user('root', 'admin')]) await store.create(each);
  return { path, store };
}

async function listed(store: SqliteUserStore, pattern?: string) {
  const damaged: UnusableUser[] = [];
  const users = await store.list({ pattern, onUnusable: (each) => damaged.push(each) });
  return { names: users.map(({ name }) => name), damaged };
}

/** What may be in a column in place of what a store writes there. */
const VALUES: readonly (readonly [what: string, sql: string])[] = [
  ['a byte that is no UTF-8', "CAST(x'24ff' AS TEXT)"],
  ['half a character', "CAST(x'c3' AS TEXT)"],
  ['half of a surrogate pair', "CAST(x'eda080' AS TEXT)"],
  ['20 MB', "printf('%.*c', 20000000, 'x')"],
  ['a number', '4'],
  ['a number with a point', '4.5'],
  ['bytes', "x'ff00ff'"],
  ['no bytes', "x''"],
  ['nothing', 'NULL'],
];

describe.each(['type', 'hash', 'permissions'])('a user with a damaged %s', (column) => {
  it.each(VALUES)('%s is unusable, told of, and removed; the others work', async (_, sql) => {
    const { path, store } = await three();
    tamperAnyhow(path, [`UPDATE users SET ${column} = ${sql} WHERE name = 'amy'`]);
    const problem = `a row that can't be used: ${column} is not a text of UTF-8`;
    const refused = {
      code: 'ERR_KAUTH_STORE_UNAVAILABLE',
      status: 503,
      user: 'amy',
      problem,
      message: `user "amy" can't be used, as the user store has ${problem}: remove the user, and add it again`,
    };
    await store.close();
    const opened = new SqliteUserStore(path, { logger: silentLogger });
    await opened.open();
    expect(() => opened.find('amy')).toThrow(expect.objectContaining(refused));
    await expect(opened.list()).rejects.toMatchObject(refused);
    await expect(opened.list({ pattern: 'a*' })).rejects.toMatchObject(refused);
    await expect(opened.update('amy', { permissions: [] })).rejects.toMatchObject(refused);
    await expect(opened.replaceHash('amy', HASH, HASH)).rejects.toMatchObject(refused);
    await expect(opened.create(user('amy'))).rejects.toMatchObject({ status: 409 });
    const check = jest.fn();
    await expect(opened.delete('amy', { check })).rejects.toMatchObject(refused);

    expect(opened.hashCost).toBe(4);
    await opened.check();
    expect(opened.find('bob')).toEqual(user('bob'));
    const damaged = [{ name: 'amy', problem }];
    expect(await listed(opened)).toEqual({ names: ['bob', 'root'], damaged });
    expect(await listed(opened, 'a*')).toEqual({ names: [], damaged });
    expect(await listed(opened, 'b*')).toEqual({ names: ['bob'], damaged: [] });
    await opened.update('bob', { permissions: [] });
    await expect(opened.delete('amy', { check, unusable: true })).resolves.toBe(true);
    expect(check).not.toHaveBeenCalled();
    await expect(opened.create(user('amy'))).resolves.toEqual(user('amy'));
    expect(await listed(opened)).toEqual({ names: ['amy', 'bob', 'root'], damaged: [] });
    await opened.close();
  });
});

const LONG = 'n'.repeat(5000);

/** Names that no store made, how they are shown, and what is said of them. */
const NAMES: readonly (readonly [sql: string, shown: string, problem: string])[] = [
  ["CAST(x'616dff79' AS TEXT)", 'am\\xffy', 'name is not a text of UTF-8'],
  ["CAST(x'ff' AS TEXT)", '\\xff', 'name is not a text of UTF-8'],
  ["CAST(x'c3a9f09f' AS TEXT)", 'é\\xf0\\x9f', 'name is not a text of UTF-8'],
  ["'a b'", 'a\\x20b', 'username must contain only'],
  ["'a' || char(27) || '[2J'", 'a\\x1b[2J', 'username must contain only'],
  ["'a\\b'", 'a\\x5cb', 'username must contain only'],
  ["'\\xff'", '\\x5cxff', 'username must contain only'],
  ['char(65533)', '\ufffd', 'username must contain only'],
  [`'${LONG}'`, `\\long:${'n'.repeat(64)}`, 'name is not a text of UTF-8'],
  ["x'ff61'", '\\blob:\\xffa', 'name is not a text of UTF-8'],
];

describe('a user with a damaged name', () => {
  it.each(NAMES)('%s is shown as %s, by which it is removed', async (sql, shown, problem) => {
    const { path, store } = await three();
    await store.close();
    const columns = `type, hash, permissions) SELECT ${sql}, type, hash, permissions FROM users`;
    tamperAnyhow(path, [`INSERT INTO users (name, ${columns} WHERE name = 'amy'`]);
    const opened = new SqliteUserStore(path, { logger: silentLogger });
    await opened.open();
    const { names, damaged } = await listed(opened);
    expect(names).toEqual(['amy', 'bob', 'root']);
    expect(damaged).toEqual([
      { name: shown, problem: expect.stringContaining(problem) as unknown },
    ]);
    // Bytes stand above all texts, where no pattern looks.
    const inPatterns = shown.startsWith('\\blob:') ? [] : damaged;
    expect((await listed(opened, '*')).damaged).toEqual(inPatterns);
    await expect(opened.delete(shown)).resolves.toBe(true);
    expect(await listed(opened)).toEqual({ names: ['amy', 'bob', 'root'], damaged: [] });
    await expect(opened.delete(shown)).resolves.toBe(false);
    tamper(path, (database) => {
      const left = database.prepare('SELECT count(*) FROM users').raw().get();
      expect(left).toEqual([3]);
    });
    await opened.close();
  });
});

describe('a list with many damaged users', () => {
  it('goes on behind each, whatever its bytes, and counts them in offset and limit', async () => {
    const { path, store } = await three();
    tamper(path, (database) => {
      database.exec(
        `WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 1199)
         INSERT INTO users (name, type, hash, permissions)
           SELECT 'c' || CAST(unhex(printf('ff%04x', 20000 + n)) AS TEXT), 'normal', '${HASH}', '' FROM number`,
      );
      database.exec(
        `INSERT INTO users (name, type, hash, permissions)
           SELECT 'd' || printf('%.*c', 5000, 'x') || n, 'normal', '${HASH}', ''
           FROM (SELECT 1 AS n UNION SELECT 2)`,
      );
    });
    const all = await listed(store);
    expect(all.names).toEqual(['amy', 'bob', 'root']);
    expect(new Set(all.damaged.map(({ name }) => name)).size).toBe(1201);
    // A star stands for no slash.
    const withoutSlash = all.damaged.filter(({ name }) => !name.includes('/'));
    expect((await listed(store, '*')).damaged).toEqual(withoutSlash);
    const onUnusable = jest.fn();
    expect(await store.list({ offset: 1, limit: 3, onUnusable })).toEqual([user('bob')]);
    expect(onUnusable).toHaveBeenCalledTimes(2);
    await store.close();
  });

  it('fails where the names are out of order, as it would never end', async () => {
    const { path, store } = await three();
    await store.close();
    tamper(path, (database) => {
      database.exec(
        `WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 599)
         INSERT INTO users (name, type, hash, permissions)
           SELECT printf('a%03d', n), 'normal', '${HASH}', '' FROM number`,
      );
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    });
    // The last names of a page, and of as many as are looked through at once.
    const bytes = readFileSync(path);
    for (const name of ['a099', 'a500']) bytes.write('A', bytes.lastIndexOf(`${name}normal`));
    writeFileSync(path, bytes);
    const opened = new SqliteUserStore(path, { logger: silentLogger });
    for (const pattern of [undefined, '*']) {
      await expect(opened.list({ pattern })).rejects.toMatchObject({
        code: 'ERR_KAUTH_STORE_UNAVAILABLE',
        message: `the user database ${path} is damaged: restore it from a backup`,
      });
    }
    await opened.close();
  });
});

describe('a name that is a number', () => {
  it("is that of nobody, and in nobody's way", async () => {
    const { path, store } = await three();
    await store.close();
    const columns = 'type, hash, permissions) SELECT 42, type, hash, permissions FROM users';
    tamperAnyhow(path, [`INSERT INTO users (name, ${columns} WHERE name = 'amy'`]);
    const opened = new SqliteUserStore(path, { logger: silentLogger });
    await opened.open();
    expect(opened.find('42')).toBeUndefined();
    expect(await listed(opened)).toEqual({ names: ['amy', 'bob', 'root'], damaged: [] });
    await opened.close();
  });
});

describe('the last administrator', () => {
  it('is the last one who can be used: damaged ones do not count', async () => {
    const { path, store } = await three();
    tamper(path, (database) => {
      database.exec(
        `WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 119)
         INSERT INTO users (name, type, hash, permissions)
           SELECT 'a' || printf('%03d', n), 'admin', 'x', '' FROM number`,
      );
    });
    await expect(store.delete('root')).rejects.toMatchObject({ code: 'ERR_KAUTH_LAST_ADMIN' });
    await expect(store.update('root', { type: 'normal' })).rejects.toMatchObject({
      code: 'ERR_KAUTH_LAST_ADMIN',
    });
    await expect(store.delete('a000')).resolves.toBe(true);
    await store.create(user('zoe', 'admin'));
    await expect(store.delete('root')).resolves.toBe(true);
    await store.close();
  });
});

describe('UnusableUserError', () => {
  it('says no more than it knows', () => {
    expect(new UnusableUserError('amy', 'a hash that is not bcrypt')).toMatchObject({
      message: 'user "amy" can\'t be used, as the user store has a hash that is not bcrypt',
      answered: true,
      expose: false,
    });
  });
});

describe('a damaged subscription', () => {
  const digest = 'a'.repeat(64);
  const put = async (store: SqliteUserStore) => {
    for (const each of [digest, 'b'.repeat(64)]) {
      const created = '2026-11-24T10:00:00.000Z';
      await store.subscriptions.put({ digest: each, cluster: 'c', database: 'd', created });
    }
  };
  const list = async (store: SqliteUserStore) => {
    const damaged: UnusableUser[] = [];
    const found = await store.subscriptions.list({ onUnusable: (each) => damaged.push(each) });
    return { found: found.length, damaged };
  };

  it.each(
    ['cluster', 'database', 'retention_policy', 'created'].flatMap((column) =>
      VALUES.map(([what, sql]) => [column, what, sql] as const),
    ),
  )('%s: %s is unusable, told of, and removed', async (column, _, sql) => {
    const { path, store } = await three();
    await put(store);
    await store.close();
    tamperAnyhow(path, [`UPDATE subscriptions SET ${column} = ${sql} WHERE digest = '${digest}'`]);
    const opened = new SqliteUserStore(path, { logger: silentLogger });
    const text = column === 'retention_policy' ? 'retentionPolicy' : column;
    const refused = {
      user: '~subscriber',
      message: expect.stringContaining(`${text} is not a text of UTF-8`) as unknown,
    };
    await expect(opened.subscriptions.find(digest)).rejects.toMatchObject(refused);
    await expect(opened.subscriptions.list()).rejects.toMatchObject(refused);
    await expect(opened.subscriptions.find('b'.repeat(64))).resolves.toBeDefined();
    expect(await list(opened)).toMatchObject({ found: 1, damaged: [{ name: digest }] });
    await expect(opened.subscriptions.delete(digest)).resolves.toBe(true);
    expect(await list(opened)).toEqual({ found: 1, damaged: [] });
    await opened.close();
  });

  it('is removed by the digest that is shown, if that is what is damaged', async () => {
    const { path, store } = await three();
    await put(store);
    tamper(path, (database) => {
      database.exec(
        `UPDATE subscriptions SET digest = CAST(x'ff6161' AS TEXT) WHERE digest = '${digest}'`,
      );
    });
    expect(await list(store)).toMatchObject({ found: 1, damaged: [{ name: '\\xffaa' }] });
    await expect(store.subscriptions.delete('\\xffaa')).resolves.toBe(true);
    expect(await list(store)).toEqual({ found: 1, damaged: [] });
    await store.close();
  });
});
