import { join } from 'node:path';
import Database from 'libsql';
import { SqliteUserStore } from '../../../lib/stores/sqlite-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const path = join(temporaryFolder(), 'users.db');
const HOUR = 3_600_000;

/** Notes sessions as ended, all until one time, without the store. */
function fill(count: number, until: number): void {
  const database = new Database(path);
  database.exec(`
    DELETE FROM ended_sessions;
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${String(count)})
    INSERT INTO ended_sessions SELECT 'session-' || n, ${String(until)} FROM numbers`);
  database.close();
}

it('100,000 ended sessions are remembered, and no more until some would be long over anyway', async () => {
  const store = new SqliteUserStore(path);
  await store.open();
  const soon = new Date(Date.now() + HOUR);
  const { endedSessions } = store;
  fill(99_999, soon.getTime());
  expect(await endedSessions.end('last', soon)).toBe(true);
  expect(await endedSessions.end('too-many', soon)).toBe(false);
  expect(await endedSessions.isEnded('too-many')).toBe(false);
  expect(await endedSessions.end('last', soon)).toBe(true);
  fill(100_000, Date.now() - 2 * HOUR);
  expect(await endedSessions.end('one-more', soon)).toBe(true);
  expect(await endedSessions.isEnded('one-more')).toBe(true);
  await store.close();
});

it('an ended session tells nobody that users changed', async () => {
  const store = new SqliteUserStore(path);
  await store.open();
  const told = jest.fn();
  store.watch(told);
  await store.endedSessions.end('another', new Date(Date.now() + HOUR));
  expect(told).not.toHaveBeenCalled();
  await store.close();
});

it('while the database is gone, nobody says that a session goes on', async () => {
  const store = new SqliteUserStore(path);
  await store.open();
  await store.close();
  const unavailable = { code: 'ERR_KAUTH_STORE_UNAVAILABLE' };
  await expect((async () => store.endedSessions.isEnded('one'))()).rejects.toMatchObject(
    unavailable,
  );
  await expect(store.endedSessions.end('one', new Date())).rejects.toMatchObject(unavailable);
});
