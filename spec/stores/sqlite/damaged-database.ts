import Database from 'libsql';

/** Does something to a database that no store would do. */
export function tamper(path: string, use: (database: Database.Database) => void): void {
  const database = new Database(path);
  database.exec('PRAGMA ignore_check_constraints = 1');
  use(database);
  database.close();
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
