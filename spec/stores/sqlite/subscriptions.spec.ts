import { join } from 'node:path';
import Database from 'libsql';
import { SqliteDatabase } from '../../../lib/stores/sqlite/database.js';
import { migrate, MIGRATIONS } from '../../../lib/stores/sqlite/schema.js';
import { SqliteUserStore } from '../../../lib/stores/sqlite-store.js';
import type { StoredSubscription } from '../../../lib/stores/subscription-store.js';
import type { StoredUser } from '../../../lib/stores/user-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const amy: StoredUser = {
  name: 'amy',
  type: 'normal',
  hash: `$2b$04$${'a'.repeat(53)}`,
  permissions: ['api'],
};

const subscription: StoredSubscription = {
  digest: '0123456789abcdef'.repeat(4),
  cluster: 'default',
  database: 'telegraf',
  created: '2026-11-24T10:00:00.000Z',
};

const folder = temporaryFolder();
let places = 0;
const newPath = () => join(folder, `${String(++places)}.db`);

function execute(path: string, sql: string, ...parameters: readonly string[]): void {
  const database = new Database(path);
  if (parameters.length === 0) database.exec(sql);
  else database.prepare(sql).run(...parameters);
  database.close();
}

describe('the subscriptions of a SqliteUserStore', () => {
  it.each([1, 2, 3, 4])(
    'have a place in a database of schema %i, beside all its users',
    async (schema) => {
      const path = newPath();
      const earlier = new SqliteDatabase(path);
      migrate(earlier, MIGRATIONS.slice(0, schema));
      earlier.close();
      const { name, type, hash } = amy;
      execute(
        path,
        "INSERT INTO users (name, type, hash, permissions) VALUES (?, ?, ?, 'api')",
        name,
        type,
        hash,
      );

      const store = new SqliteUserStore(path);
      await store.open();
      expect(await store.find('amy')).toEqual(amy);
      expect(await store.subscriptions.list()).toEqual([]);
      await store.subscriptions.put(subscription);
      expect(await store.subscriptions.find(subscription.digest)).toEqual(subscription);
      await store.close();
    },
  );

  it('are refused, not misread, where somebody else wrote what can not be used', async () => {
    const path = newPath();
    const store = new SqliteUserStore(path);
    await store.open();
    const { digest } = subscription;
    const insert = 'INSERT INTO subscriptions VALUES (?, ?, ?, ?, ?)';
    execute(path, insert, digest, 'default', 'telegraf', '', 'yesterday');
    const problem = {
      code: 'ERR_KAUTH_STORE_UNAVAILABLE',
      message:
        `user "~subscriber" can't be used, as the user store has a subscription ${digest.slice(0, 16)} to "telegraf" ` +
        'that can\'t be used: created must be a time such as "2026-11-24T10:00:00.000Z": revoke it, and grant another',
    };
    await expect(store.subscriptions.find(digest)).rejects.toMatchObject(problem);
    await expect(store.subscriptions.list()).rejects.toMatchObject(problem);
    expect(await store.subscriptions.deleteDatabase('telegraf')).toBe(1);
    expect(await store.subscriptions.list()).toEqual([]);
    await store.close();
  });

  it('are found by their index in a database with many of them', async () => {
    const path = newPath();
    const store = new SqliteUserStore(path);
    await store.open();
    const database = new Database(path);
    const plan = database
      .prepare('EXPLAIN QUERY PLAN SELECT * FROM subscriptions WHERE digest = ?')
      .all('');
    const listing = database
      .prepare(
        'EXPLAIN QUERY PLAN SELECT * FROM subscriptions ORDER BY database, retention_policy, created, digest',
      )
      .all();
    database.close();
    expect(JSON.stringify(plan)).toContain('USING PRIMARY KEY (digest=?)');
    expect(JSON.stringify(listing)).toContain('USING INDEX subscriptions_by_place');
    await store.close();
  });

  it('open the store when first asked, and answer nothing once it is closed', async () => {
    const store = new SqliteUserStore(newPath());
    expect(await store.subscriptions.find(subscription.digest)).toBeUndefined();
    await store.close();
    const closed = { code: 'ERR_KAUTH_STORE_UNAVAILABLE' };
    await expect(store.subscriptions.find(subscription.digest)).rejects.toMatchObject(closed);
    await expect(store.subscriptions.put(subscription)).rejects.toMatchObject(closed);
  });
});
