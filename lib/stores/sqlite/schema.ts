import { StoreUnavailableError } from '../../errors.js';
import type { SqliteDatabase } from './database.js';

/** Marks the databases of this package: "Kaut" in the file's header. */
const APPLICATION_ID = 0x4b617574;

/** Each migration brings the schema from the version that is its index to the next. Only append. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE users (
     name TEXT NOT NULL PRIMARY KEY,
     type TEXT NOT NULL CHECK (type IN ('admin', 'normal')),
     hash TEXT NOT NULL CHECK (length(hash) = 60 AND hash GLOB '$2[aby]$[0-3][0-9]$*'),
     permissions TEXT NOT NULL,
     cost INTEGER NOT NULL GENERATED ALWAYS AS (CAST(substr(hash, 5, 2) AS INTEGER)) VIRTUAL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX users_by_cost ON users (cost);
   CREATE INDEX admins ON users (name) WHERE type = 'admin';

   -- How many users there are from one name up to the next, so that a page deep in a list is found
   -- without counting all users before it.
   CREATE TABLE blocks (
     first TEXT NOT NULL PRIMARY KEY,
     users INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   INSERT INTO blocks VALUES ('', 0);
   CREATE TRIGGER user_added AFTER INSERT ON users BEGIN
     UPDATE blocks SET users = users + 1
       WHERE first = (SELECT max(first) FROM blocks WHERE first <= NEW.name);
   END;
   CREATE TRIGGER user_removed AFTER DELETE ON users BEGIN
     UPDATE blocks SET users = users - 1
       WHERE first = (SELECT max(first) FROM blocks WHERE first <= OLD.name);
   END;
   CREATE TRIGGER block_filled AFTER UPDATE OF users ON blocks WHEN NEW.users = 1000 BEGIN
     INSERT INTO blocks SELECT name, 500 FROM users
       WHERE name >= NEW.first ORDER BY name LIMIT 1 OFFSET 500;
     UPDATE blocks SET users = 500 WHERE first = NEW.first;
   END;
   CREATE TRIGGER user_renamed BEFORE UPDATE OF name ON users BEGIN
     SELECT RAISE(ABORT, 'a user can not be renamed: delete it and create another');
   END;`,
  `CREATE TABLE subscriptions (
     digest TEXT NOT NULL PRIMARY KEY CHECK (length(digest) = 64 AND digest NOT GLOB '*[^0-9a-f]*'),
     cluster TEXT NOT NULL,
     database TEXT NOT NULL,
     -- Empty for all.
     retention_policy TEXT NOT NULL,
     created TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX subscriptions_by_place
     ON subscriptions (database, retention_policy, created, digest);`,
  // A page is found by the name that it starts after, or by walking the index.
  `DROP TRIGGER user_added;
   DROP TRIGGER user_removed;
   DROP TRIGGER block_filled;
   DROP TABLE blocks;`,
  // Grants, one a line.
  "ALTER TABLE users ADD COLUMN grants TEXT NOT NULL DEFAULT '';",
  // A time is empty if it is unknown.
  `ALTER TABLE users ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1));
   ALTER TABLE users ADD COLUMN created TEXT NOT NULL DEFAULT '';
   ALTER TABLE users ADD COLUMN changed TEXT NOT NULL DEFAULT '';`,
  // Few users are disabled, have grants or may configure: a list must not walk over all others.
  `ALTER TABLE users ADD COLUMN sessions TEXT NOT NULL DEFAULT '';
   CREATE INDEX disabled_users ON users (name) WHERE disabled = 1;
   CREATE INDEX users_with_grants ON users (name) WHERE grants <> '';
   CREATE INDEX configurers ON users (name)
     WHERE (permissions = 'all' OR instr(permissions, 'config_api') > 0);

   -- Sessions that ended before their time, which is in milliseconds since 1970.
   CREATE TABLE ended_sessions (
     id TEXT NOT NULL PRIMARY KEY,
     until INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX ended_sessions_by_time ON ended_sessions (until);`,
];

/**
 * Brings a database to the newest schema, all of it or nothing. An empty database becomes one of
 * this package.
 *
 * @throws StoreUnavailableError, having written nothing, if the database belongs to another program
 *   or to a newer release
 */
export function migrate(
  database: SqliteDatabase,
  migrations: readonly string[] = MIGRATIONS,
): void {
  const newest = migrations.length;
  mustBeUtf8(database);
  if (schemaVersion(database, newest) === newest) return;
  database.transaction(() => {
    // Read again, as another process may have been first.
    for (const migration of migrations.slice(schemaVersion(database, newest))) {
      database.run(migration);
    }
    database.run(`PRAGMA application_id = ${String(APPLICATION_ID)}`);
    database.run(`PRAGMA user_version = ${String(newest)}`);
  });
}

function schemaVersion(database: SqliteDatabase, newest: number): number {
  // In this order: another process may commit the schema and its numbers between two of the
  // queries.
  const isEmpty = database.number('SELECT count(*) FROM sqlite_schema') === 0;
  const application = database.number('PRAGMA application_id');
  const version = database.number('PRAGMA user_version');
  if (application === 0 && isEmpty) return 0;
  if (application !== APPLICATION_ID) {
    throw new StoreUnavailableError(
      `${database.path} is a database of another program and was left as it is: set store.path to another file`,
    );
  }
  if (version > newest) {
    throw new StoreUnavailableError(
      `${database.path} is of a newer release of kapacitor-auth (schema ${String(version)}, this release ` +
        `knows ${String(newest)}) and was left as it is: install that release`,
    );
  }
  return version;
}

/**
 * @throws StoreUnavailableError if the database keeps texts in UTF-16: their bytes are read as
 *   UTF-8
 */
function mustBeUtf8(database: SqliteDatabase): void {
  if (database.number("SELECT encoding = 'UTF-8' FROM pragma_encoding") === 1) return;
  throw new StoreUnavailableError(
    `${database.path} is kept in UTF-16 and was left as it is: set store.path to another file, or make one in UTF-8 of it ` +
      '(sqlite3 OLD .dump | sqlite3 NEW)',
  );
}
