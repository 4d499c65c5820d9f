import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'libsql';
import { SqliteDatabase } from '../../../lib/stores/sqlite/database.js';
import { PatientLine } from '../../../lib/stores/sqlite/patient-line.js';
import { SqliteUserStore } from '../../../lib/stores/sqlite-store.js';
import type { StoredUser } from '../../../lib/stores/user-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
let places = 0;
const newPath = () => join(folder, `${String(++places)}.db`);
const [OLD, NEW] = ['04', '05'].map((cost) => `$2b$${cost}$${'.'.repeat(53)}`) as [string, string];
const userOf = (index: number): StoredUser => ({
  name: `user${String(index).padStart(3, '0')}`,
  type: 'normal',
  hash: OLD,
  permissions: [],
});

describe('changes while another connection has the lock', () => {
  it('are tried by one of them, in the order in which they came, renewals of hashes too', async () => {
    const path = newPath();
    const store = new SqliteUserStore(path);
    await store.create(userOf(0));
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    const tries = jest.spyOn(SqliteDatabase.prototype, 'transaction');
    const done: number[] = [];
    const changes = Array.from({ length: 100 }, async (_, index) => {
      if (index % 10 === 0)
        await store.replaceHash(
          'user000',
          index % 20 === 0 ? OLD : NEW,
          index % 20 === 0 ? NEW : OLD,
        );
      else await store.create(userOf(index));
      done.push(index);
    });
    for (let turn = 0; turn < 5; turn += 1) await delay(20);
    // Each of a hundred would have tried several times.
    expect(tries.mock.calls.length).toBeLessThan(20);
    expect(done).toEqual([]);
    other.exec('COMMIT');
    other.close();
    await Promise.all(changes);
    expect(done).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect(await store.list()).toHaveLength(91);
    tries.mockRestore();
    await store.close();
  });

  it('do not wait within SQLite, where everybody would wait with them', () => {
    const database = new SqliteDatabase(newPath());
    expect(database.number('PRAGMA busy_timeout')).toBe(0);
    database.close();
  });

  it('do not keep those back who look somebody up', async () => {
    const path = newPath();
    const store = new SqliteUserStore(path);
    await store.create(userOf(0));
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    const changes = Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => store.create(userOf(index + 1))),
    );
    for (let turn = 0; turn < 50; turn += 1) {
      expect(store.find('user000')).toMatchObject(userOf(0));
      await new Promise(setImmediate);
    }
    other.exec('COMMIT');
    other.close();
    await changes;
    await store.close();
  });
});

describe('a line', () => {
  it('has a bound', async () => {
    const line = new PatientLine();
    let letGo: (() => void) | undefined;
    const first = line.run(() => new Promise<void>((resolve) => (letGo = resolve)));
    const others = Array.from({ length: 1100 }, () => line.run(() => 1));
    const outcomes = Promise.allSettled(others);
    await new Promise(setImmediate);
    letGo?.();
    await first;
    const refused = (await outcomes).filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(1100 - 999);
    expect(refused[0]).toMatchObject({
      reason: {
        code: 'ERR_KAUTH_STORE_UNAVAILABLE',
        message: 'too many changes wait for the lock of the user database',
      },
    });
    expect(await line.run(() => 2)).toBe(2);
  });

  it('goes on behind one that fails', async () => {
    const line = new PatientLine();
    const failing = line.run(() => {
      throw new TypeError('a mistake');
    });
    const next = line.run(() => 'next');
    await expect(failing).rejects.toThrow('a mistake');
    expect(await next).toBe('next');
  });
});
