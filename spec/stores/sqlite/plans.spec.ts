import { join } from 'node:path';
import Database from 'libsql';
import { SqliteDatabase } from '../../../lib/stores/sqlite/database.js';
import { SqliteUserStore } from '../../../lib/stores/sqlite-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
const user = {
  name: 'amy',
  type: 'normal',
  hash: `$2b$04$${'a'.repeat(53)}`,
  permissions: [],
} as const;

it('users are looked up, listed, changed and removed by an index, as bytes too', async () => {
  const path = join(folder, 'users.db');
  const store = new SqliteUserStore(path);
  await store.open();
  const asked = (['row', 'rows', 'number', 'change'] as const).map((method) =>
    jest.spyOn(SqliteDatabase.prototype, method),
  );
  await store.create({ ...user, name: 'root', type: 'admin' });
  await store.create(user);
  expect(store.find('amy')).toMatchObject(user);
  expect(store.hashCost).toBe(4);
  await store.list();
  await store.list({ pattern: 'a*', offset: 0 });
  await store.update('amy', { permissions: ['api'] });
  await store.delete('amy');
  const texts = asked.flatMap(({ mock }) => mock.calls.flat());
  jest.restoreAllMocks();
  const statements = new Set(
    texts.filter((text): text is string => typeof text === 'string' && / users\b/.test(text)),
  );
  expect(statements.size).toBeGreaterThanOrEqual(9);

  /** Reads the beginning of an index, up to a bound. */
  const BEGINNING = /FROM \(SELECT \* FROM users ORDER BY name LIMIT \d+\)/;
  const database = new Database(path);
  const unaided = [...statements]
    .filter((sql) => !BEGINNING.test(sql))
    .flatMap((sql) =>
      (database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[])
        .map(({ detail }) => detail)
        .filter((detail) => detail === 'SCAN users')
        .map(() => sql),
    );
  database.close();
  expect(unaided).toEqual([]);
  await store.close();
});
