import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { isNumberRow, SqliteDatabase } from '../../../lib/stores/sqlite/database.js';
import { databaseFailure } from '../../../lib/stores/sqlite/failure.js';
import { loadLibsql } from '../../../lib/stores/sqlite/load-libsql.js';
import { migrate } from '../../../lib/stores/sqlite/schema.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
let places = 0;
const newPath = () => join(folder, `${String(++places)}.db`);

describe('SqliteDatabase', () => {
  it('has each change on disk before it goes on (synchronous = FULL)', () => {
    const database = new SqliteDatabase(newPath());
    expect(database.number('PRAGMA synchronous')).toBe(2);
    database.close();
  });
});

describe('SqliteDatabase.row', () => {
  it('finds what it is asked for, also by a statement that has just listed something else', () => {
    const database = new SqliteDatabase(newPath());
    database.run('CREATE TABLE numbers (number PRIMARY KEY); INSERT INTO numbers VALUES (1), (2)');
    const row = isNumberRow;
    const sql = 'SELECT number FROM numbers WHERE number = ?';
    for (const [listed, found] of [
      [1, 2],
      [2, 1],
    ] as const) {
      expect(database.rows(row, sql, listed)).toEqual([[listed]]);
      expect(database.row(row, sql, found)).toEqual([found]);
    }
    database.close();
  });
});

describe('SqliteDatabase.transaction', () => {
  const failure = new Error('the first failure');

  it.each([
    ['undoes a change that failed', ''],
    ['tells of the failure where SQLite has undone the change itself', 'ROLLBACK'],
  ])('%s', (_, sql) => {
    const database = new SqliteDatabase(newPath());
    database.run('CREATE TABLE numbers (number)');
    const change = () => {
      database.change('INSERT INTO numbers VALUES (?)', 1);
      database.run(sql);
      throw failure;
    };
    expect(() => database.transaction(change)).toThrow(failure);
    expect(database.number('SELECT count(*) FROM numbers')).toBe(0);
    expect(database.transaction(() => database.change('INSERT INTO numbers VALUES (?)', 1))).toBe(
      1,
    );
    database.close();
  });
});

describe('migrate', () => {
  const number = (database: Database.Database, pragma: string) =>
    database.prepare(`PRAGMA ${pragma}`).raw().get();

  it('takes an empty database and one of any older version to the newest, each step once', () => {
    const steps = [
      'CREATE TABLE steps (number)',
      'INSERT INTO steps VALUES (2)',
      'INSERT INTO steps VALUES (3)',
    ];
    for (const version of [0, 1, 2, 3]) {
      const path = newPath();
      migrate(new SqliteDatabase(path), steps.slice(0, version));
      migrate(new SqliteDatabase(path), steps);
      migrate(new SqliteDatabase(path), steps);
      const database = new Database(path);
      expect(database.prepare('SELECT * FROM steps').raw().all()).toEqual([[2], [3]]);
      expect(number(database, 'user_version')).toEqual([3]);
      expect(number(database, 'application_id')).toEqual([0x4b617574]);
      database.close();
    }
  });

  it('leaves a database as it was when a step fails', () => {
    const path = newPath();
    migrate(new SqliteDatabase(path), ['CREATE TABLE one (a)']);
    const before = readFileSync(path);
    expect(() => {
      migrate(new SqliteDatabase(path), ['', 'CREATE TABLE two (a)', 'nonsense']);
    }).toThrow("failed (SQLite's result code 1)");
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('does nothing where another process was first', () => {
    const path = newPath();
    class Overtaken extends SqliteDatabase {
      override transaction<T>(changes: () => T): T {
        migrate(new SqliteDatabase(path), ['CREATE TABLE one (a)']);
        return super.transaction(changes);
      }
    }
    migrate(new Overtaken(path), ['CREATE TABLE one (a)']);
    expect(readFileSync(path).subarray(0, 15).toString()).toBe('SQLite format 3');
  });
});

describe('databaseFailure', () => {
  it.each([
    [5, 'is locked by another program'],
    [261, 'is locked by another program'],
    [8, "can't be written"],
    [1544, "can't be written"],
    [10, "can't be read or written"],
    [778, "can't be read or written"],
    [11, 'is damaged'],
    [13, "can't be written: the disk is full"],
    [14, "can't be opened"],
    [26, 'is not a SQLite database'],
    [21, "failed (SQLite's result code 21)"],
    [undefined, "can't be opened"],
  ])('explains result code %p', (rawCode, explanation) => {
    const cause = Object.assign(new Error('as SQLite says it'), { rawCode });
    const error = databaseFailure('users.db', cause);
    expect(error.message).toContain(`the user database users.db ${explanation}`);
    expect(error).toMatchObject({ code: 'ERR_KAUTH_STORE_UNAVAILABLE', status: 503, cause });
  });
});

describe('loadLibsql', () => {
  it('says what to do where there is no libsql for the platform', () => {
    jest.resetModules();
    // Makes libsql look for a binary that only its developers have.
    process.env.LIBSQL_JS_DEV = 'yes';
    expect(loadLibsql).toThrow(
      'libsql can\'t be loaded on this platform: install it again, or set store.type = "file"',
    );
    delete process.env.LIBSQL_JS_DEV;
    expect(loadLibsql()).toBeInstanceOf(Function);
  });
});
