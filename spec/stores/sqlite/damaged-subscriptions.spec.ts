import { join } from 'node:path';
import { silentLogger } from '../../../lib/logger.js';
import { SqliteUserStore } from '../../../lib/stores/sqlite-store.js';
import type { UnusableUser } from '../../../lib/stores/subscription-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { DAMAGED_VALUES, makeEmptyKeysNull, tamperAnyhow } from './damaged-database.js';

const folder = temporaryFolder();
let places = 0;

describe('a damaged subscription', () => {
  const digest = 'a'.repeat(64);
  /** A store of two subscriptions. */
  const two = async () => {
    const path = join(folder, `${String(++places)}.db`);
    const store = new SqliteUserStore(path, { logger: silentLogger });
    for (const each of [digest, 'b'.repeat(64)]) {
      const created = '2026-11-24T10:00:00.000Z';
      await store.subscriptions.put({ digest: each, cluster: 'c', database: 'd', created });
    }
    return { path, store };
  };
  const list = async (store: SqliteUserStore) => {
    const damaged: UnusableUser[] = [];
    const found = await store.subscriptions.list({ onUnusable: (each) => damaged.push(each) });
    return { found: found.length, damaged };
  };

  it.each(
    ['cluster', 'database', 'retention_policy', 'created'].flatMap((column) =>
      DAMAGED_VALUES.map(([what, sql]) => [column, what, sql] as const),
    ),
  )('%s: %s is unusable, told of, and removed', async (column, _, sql) => {
    const { path, store } = await two();
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

  it.each([
    ["CAST(x'ff6161' AS TEXT)", '\\xffaa'],
    ["''", '\\text:'],
    ["x''", '\\blob:'],
    ['NULL', '\\null:'],
    ['7', '\\integer:7'],
  ])('whose digest is %s is removed by %s, as it is shown', async (sql, shown) => {
    const { path, store } = await two();
    await store.close();
    const set = sql === 'NULL' ? "''" : sql;
    tamperAnyhow(path, [`UPDATE subscriptions SET digest = ${set} WHERE digest = '${digest}'`]);
    if (sql === 'NULL') makeEmptyKeysNull(path);
    const opened = new SqliteUserStore(path, { logger: silentLogger });
    expect(await list(opened)).toMatchObject({ found: 1, damaged: [{ name: shown }] });
    await expect(opened.subscriptions.delete(shown)).resolves.toBe(true);
    expect(await list(opened)).toEqual({ found: 1, damaged: [] });
    await expect(opened.subscriptions.delete(shown)).resolves.toBe(false);
    await opened.close();
  });
});
