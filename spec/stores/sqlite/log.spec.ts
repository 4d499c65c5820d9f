import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { silentLogger } from '../../../lib/logger.js';
import { SqliteDatabase } from '../../../lib/stores/sqlite/database.js';
import { SqliteUserStore } from '../../../lib/stores/sqlite-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
const hash = `$2b$04$${'a'.repeat(53)}`;
/** More than one change of a user writes: its pages, once each. */
const ONE_CHANGE = 64 * 1024;

const sizeOf = (path: string) => statSync(path).size;

async function open(name: string) {
  const path = join(folder, name);
  const store = new SqliteUserStore(path, { logger: silentLogger });
  await store.create({ name: 'root', type: 'admin', hash, permissions: [] });
  const change = async (permission: 'api' | 'none') => {
    await store.update('root', { permissions: [permission] });
    return sizeOf(`${path}-wal`);
  };
  return { path, store, change };
}

describe("SQLite's log", () => {
  it('never takes more space than the database and one change', async () => {
    const { path, store, change } = await open('bounded.db');
    for (let round = 0; round < 150; round++) {
      const size = await change(round % 2 === 0 ? 'api' : 'none');
      expect(size).toBeLessThanOrEqual(sizeOf(path) + ONE_CHANGE);
    }
    await store.close();
  });

  it('grows while somebody reads, which no change fails of, and shrinks after that', async () => {
    const { path, store, change } = await open('read.db');
    const reader = new Database(path);
    reader.exec('BEGIN; SELECT count(*) FROM users');
    for (let round = 0; round < 60; round++) await change(round % 2 === 0 ? 'api' : 'none');
    expect(sizeOf(`${path}-wal`)).toBeGreaterThan(sizeOf(path));
    reader.exec('COMMIT');
    reader.close();
    expect(await change('api')).toBe(0);
    await store.close();
  });

  it('is emptied after lists of one moment, too', async () => {
    const { path, store, change } = await open('listed.db');
    for (let round = 0; round < 5; round++) await store.list({ snapshot: true, limit: 1 });
    for (let round = 0; round < 60; round++) await change(round % 2 === 0 ? 'api' : 'none');
    expect(sizeOf(`${path}-wal`)).toBeLessThanOrEqual(sizeOf(path) + ONE_CHANGE);
    await store.close();
  });

  it('leaves room for changes while many ask for lists of one moment, of which some are refused', async () => {
    const { store, change } = await open('asked.db');
    const lists = Array.from({ length: 200 }, () => store.list({ snapshot: true }));
    await change('api');
    const listed = await Promise.allSettled(lists);
    const refused = listed.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(200);
    expect(refused[0]).toMatchObject({ reason: { code: 'ERR_KAUTH_OVERLOADED' } });
    await store.close();
  });

  it('is left as it is where SQLite refuses to empty it', () => {
    const path = join(folder, 'refused.db');
    writeFileSync(path, '');
    const database = new SqliteDatabase(path);
    database.run('PRAGMA journal_mode = WAL; CREATE TABLE numbers (number)');
    for (let number = 0; number < 20; number++) {
      database.change('INSERT INTO numbers VALUES (?)', number);
    }
    const before = sizeOf(`${path}-wal`);
    expect(before).toBeGreaterThan(sizeOf(path));
    database.run('BEGIN IMMEDIATE');
    database.change('INSERT INTO numbers VALUES (?)', 20);
    database.trimLog();
    database.run('COMMIT');
    expect(sizeOf(`${path}-wal`)).toBeGreaterThanOrEqual(before);
    database.trimLog();
    expect(sizeOf(`${path}-wal`)).toBe(0);
    expect(database.number('SELECT count(*) FROM numbers')).toBe(21);
    database.close();
  });
});
