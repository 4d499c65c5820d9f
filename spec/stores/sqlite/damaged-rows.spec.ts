import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger } from '../../../lib/logger.js';
import { UnusableUserError } from '../../../lib/stores/rules/unusable-user.js';
import { SqliteUserStore } from '../../../lib/stores/sqlite-store.js';
import type { UnusableUser } from '../../../lib/stores/subscription-store.js';
import type { StoredUser } from '../../../lib/stores/user-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { DAMAGED_VALUES, makeEmptyKeysNull, tamper, tamperAnyhow } from './damaged-database.js';

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

describe.each(['type', 'hash', 'permissions'])('a user with a damaged %s', (column) => {
  it.each(DAMAGED_VALUES)(
    '%s is unusable, told of, and removed; the others work',
    async (_, sql) => {
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
      expect(opened.find('bob')).toMatchObject(user('bob'));
      const damaged = [{ name: 'amy', problem }];
      expect(await listed(opened)).toEqual({ names: ['bob', 'root'], damaged });
      expect(await listed(opened, 'a*')).toEqual({ names: [], damaged });
      expect(await listed(opened, 'b*')).toEqual({ names: ['bob'], damaged: [] });
      await opened.update('bob', { permissions: [] });
      await expect(opened.delete('amy', { check, unusable: true })).resolves.toBe(true);
      expect(check).not.toHaveBeenCalled();
      await expect(opened.create(user('amy'))).resolves.toMatchObject(user('amy'));
      expect(await listed(opened)).toEqual({ names: ['amy', 'bob', 'root'], damaged: [] });
      await opened.close();
    },
  );
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
  ["x''", '\\blob:', 'name is not a text of UTF-8'],
  ["''", '\\text:', 'username is required'],
  ['NULL', '\\null:', 'name is not a text of UTF-8'],
  ['42', '\\integer:42', 'name is not a text of UTF-8'],
  ['4.5', '\\real:4.5', 'name is not a text of UTF-8'],
];

/** Names that are no text stand apart from all texts, where no pattern looks. */
const IN_NO_PATTERN = /^\\(?:null|integer|real|blob):/;

/** Adds damaged rows beside those of `three`: the same user under other names, given as SQL. */
function addNames(path: string, names: readonly string[], type = 'normal'): void {
  const columns = `'${type}', hash, permissions FROM users WHERE name = 'amy'`;
  tamperAnyhow(
    path,
    names.map((name) => {
      const inserted = name === 'NULL' ? "''" : name;
      return `INSERT INTO users (name, type, hash, permissions) SELECT ${inserted}, ${columns}`;
    }),
  );
  if (names.includes('NULL')) makeEmptyKeysNull(path);
}

describe('a user with a damaged name', () => {
  it.each(NAMES)('%s is shown as %s, by which it is removed', async (sql, shown, problem) => {
    const { path, store } = await three();
    await store.close();
    addNames(path, [sql]);
    const opened = new SqliteUserStore(path, { logger: silentLogger });
    await opened.open();
    const { names, damaged } = await listed(opened);
    expect(names).toEqual(['amy', 'bob', 'root']);
    expect(damaged).toEqual([
      { name: shown, problem: expect.stringContaining(problem) as unknown },
    ]);
    const inPatterns = IN_NO_PATTERN.test(shown) ? [] : damaged;
    expect((await listed(opened, '*')).damaged).toEqual(inPatterns);
    await expect(opened.delete(shown, { unusable: true })).resolves.toBe(true);
    expect(await listed(opened)).toEqual({ names: ['amy', 'bob', 'root'], damaged: [] });
    await expect(opened.delete(shown, { unusable: true })).resolves.toBe(false);
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
    expect(await store.list({ offset: 1, limit: 3, onUnusable })).toMatchObject([user('bob')]);
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

describe('names that are no text', () => {
  const NUMBERED = Array.from({ length: 130 }, (_, index) => String(index));

  it("are those of nobody, and in nobody's way", async () => {
    const { path, store } = await three();
    await store.close();
    addNames(path, ['42']);
    const opened = new SqliteUserStore(path, { logger: silentLogger });
    await opened.open();
    expect(opened.find('42')).toBeUndefined();
    await opened.close();
  });

  it.each([
    ['numbers', NUMBERED],
    ['bytes', NUMBERED.map((number) => `CAST('${number}' AS BLOB)`)],
  ])('many of %s hide no user, on no page', async (_, names) => {
    const { path, store } = await three();
    await store.close();
    addNames(path, names);
    const opened = new SqliteUserStore(path, { logger: silentLogger });
    const { names: found, damaged } = await listed(opened);
    expect(found).toEqual(['amy', 'bob', 'root']);
    expect(damaged).toHaveLength(100);
    const paged: string[] = [];
    for (let offset = 0; offset < 110; offset += 7) {
      const page = await opened.list({ offset, limit: 7, onUnusable: () => undefined });
      paged.push(...page.map(({ name }) => name));
    }
    expect(paged).toEqual(['amy', 'bob', 'root']);
    for (const { name } of damaged) await opened.delete(name, { unusable: true });
    expect((await listed(opened)).damaged).toHaveLength(30);
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

describe('a damaged administrator without a usable name', () => {
  it.each(["''", "x''", 'NULL', '42'])('%s counts for nothing', async (name) => {
    const { path, store } = await three();
    await store.close();
    addNames(path, [name], 'admin');
    const opened = new SqliteUserStore(path, { logger: silentLogger });
    const refused = { code: 'ERR_KAUTH_LAST_ADMIN' };
    await expect(opened.delete('root')).rejects.toMatchObject(refused);
    await expect(opened.update('root', { type: 'normal' })).rejects.toMatchObject(refused);
    await expect(opened.delete('amy')).resolves.toBe(true);
    await expect(opened.update('bob', { permissions: [] })).resolves.toMatchObject({ name: 'bob' });
    await opened.create(user('zoe', 'admin'));
    await expect(opened.delete('root')).resolves.toBe(true);
    expect(opened.hashCost).toBe(4);
    await opened.close();
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
