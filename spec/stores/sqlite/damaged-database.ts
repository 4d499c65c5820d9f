import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'libsql';

/** Values that may be in a column in place of what a store writes there. */
export const DAMAGED_VALUES: readonly (readonly [what: string, sql: string])[] = [
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

/** Does something to a database that no store would do. */
export function tamper(path: string, use: (database: Database.Database) => void): void {
  const database = new Database(path);
  database.exec('PRAGMA ignore_check_constraints = 1');
  use(database);
  database.close();
}

/** The bytes that stand before the columns of a record: SQLite's kinds of an empty text, and of the other columns. */
const EMPTY_KEYS = [
  '0b0d198105130d080d0d0d', // a normal user with permissions "api" and without grants
  '0b0d178105130d080d0d0d', // an admin with them
  '060d0f0f0d3d', // a subscription
];

/** Makes NULL of the empty keys of a closed database's rows: by no statement, as no key is ever NULL. */
export function makeEmptyKeysNull(path: string): void {
  tamper(path, (database) => {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  });
  const bytes = readFileSync(path);
  let found = 0;
  for (const kinds of EMPTY_KEYS) {
    const at = bytes.indexOf(Buffer.from(kinds, 'hex'));
    if (at < 0) continue;
    bytes[at + 1] = 0;
    found += 1;
  }
  if (found !== 1) throw new Error('no record with an empty key');
  writeFileSync(path, bytes);
  tamper(path, (database) => {
    const indexes = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
      .raw()
      .all() as [string][];
    for (const [name] of indexes) database.exec(`REINDEX ${name}`);
  });
}

/** Runs statements on a database that takes any value in any column, as one whose bytes were damaged may hold it. */
export function tamperAnyhow(path: string, statements: readonly string[]): void {
  const schemas: (readonly [string, string])[] = [];
  const setSchema = (change: (sql: string, name: string) => string): void => {
    tamper(path, (database) => {
      database.exec('PRAGMA writable_schema = 1');
      const found = database
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")
        .raw()
        .all() as [string, string][];
      for (const [name, sql] of found) {
        schemas.push([name, sql]);
        database
          .prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?')
          .run(change(sql, name), name);
      }
    });
  };
  setSchema((sql) =>
    sql
      .replace('STRICT, WITHOUT', 'WITHOUT')
      .replace(/ TEXT/g, '')
      .replace(/ NOT NULL/g, ''),
  );
  tamper(path, (database) => {
    for (const statement of statements) database.exec(statement);
  });
  setSchema((sql, name) => schemas.find(([known]) => known === name)?.[1] ?? sql);
}
