import { StoreUnavailableError } from '../../errors.js';
import type { PostgresDatabase } from './database.js';
import { MIGRATIONS, migrationSql } from './schema.js';
import { textOf } from './text-of.js';

/**
 * Brings the schema to the newest version, all of it or nothing. A schema that is of that version
 * is only read, so a role that owns nothing can do so.
 *
 * @throws StoreUnavailableError, having changed nothing, if the database can't be used, belongs to
 *   a newer release, or has tables of another program
 */
export async function migrate(
  database: PostgresDatabase,
  migrations: readonly string[] = MIGRATIONS,
): Promise<void> {
  const newest = migrations.length;
  if ((await usableVersion(database, newest)) === newest) return;
  await database.transaction(async (session) => {
    await session.query(migrationSql(database.schema, migrations));
  });
  await usableVersion(database, newest);
}

/** The version of the schema; 0 if there is none. */
async function usableVersion(database: PostgresDatabase, newest: number): Promise<number> {
  const { schema, shown } = database;
  const { rows } = await database.query(
    `SELECT current_setting('server_encoding'), to_regclass('${schema}.schema_version') IS NOT NULL`,
  );
  const [encoding, isThere] = rows[0] ?? [];
  if (encoding !== 'UTF8') {
    throw new StoreUnavailableError(
      `the user database ${shown} keeps texts in ${textOf(encoding)}: create one with ENCODING 'UTF8'`,
    );
  }
  if (isThere !== true) return 0;
  const answer = await database.query(`SELECT max(version)::text FROM ${schema}.schema_version`);
  const version = Number(textOf(answer.rows[0]?.[0]));
  if (version <= newest) return version;
  throw new StoreUnavailableError(
    `the user database ${shown} is of a newer release of kapacitor-auth (schema ${String(version)}, this release knows ` +
      `${String(newest)}) and was left as it is: install that release`,
  );
}
