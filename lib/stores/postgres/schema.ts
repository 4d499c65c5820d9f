import { MisuseError } from '../../errors.js';

/** The schema of the tables if no other is named. */
export const DEFAULT_SCHEMA = 'kapacitor_auth';

/** Each migration brings the schema from the version that is its index to the next. Only append. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE users (
     name text COLLATE "C" PRIMARY KEY CHECK (name <> '' AND octet_length(name) <= 1024),
     type text NOT NULL CHECK (type IN ('admin', 'normal')),
     hash text COLLATE "C" NOT NULL CHECK (hash ~ '^[$]2[aby][$][0-3][0-9][$].{53}$'),
     permissions text NOT NULL,
     -- One a line.
     grants text COLLATE "C" NOT NULL DEFAULT '',
     disabled boolean NOT NULL DEFAULT false,
     -- ISO 8601; empty if it is unknown.
     created text COLLATE "C" NOT NULL DEFAULT '',
     changed text COLLATE "C" NOT NULL DEFAULT ''
   );
   CREATE INDEX users_by_cost ON users (substr(hash, 5, 2));
   CREATE INDEX admins ON users (name) WHERE type = 'admin' AND NOT disabled;

   CREATE TABLE subscriptions (
     digest text COLLATE "C" PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
     cluster text NOT NULL,
     database text COLLATE "C" NOT NULL,
     -- Empty for all.
     retention_policy text COLLATE "C" NOT NULL,
     created text COLLATE "C" NOT NULL
   );
   CREATE INDEX subscriptions_by_place
     ON subscriptions (database, retention_policy, created, digest);

   -- One row. Whoever changes anything changes this row first, and so waits for others.
   CREATE TABLE revision (
     the_only boolean PRIMARY KEY DEFAULT true CHECK (the_only),
     number bigint NOT NULL
   );
   INSERT INTO revision (number) VALUES (1);

   -- Failed logins. A crash of the server forgets them.
   CREATE UNLOGGED TABLE failures (
     key text COLLATE "C" PRIMARY KEY,
     points integer NOT NULL,
     expires timestamptz NOT NULL
   );
   CREATE INDEX failures_by_time ON failures (expires);`,
  // Few users are administrators or disabled, have grants or may configure: a list of them must not
  // walk over all others.
  `ALTER TABLE users ADD COLUMN sessions text COLLATE "C" NOT NULL DEFAULT '';
   CREATE INDEX all_admins ON users (name) WHERE type = 'admin';
   CREATE INDEX disabled_users ON users (name) WHERE disabled;
   CREATE INDEX users_with_grants ON users (name) WHERE grants <> '';
   CREATE INDEX configurers ON users (name)
     WHERE (permissions = 'all' OR strpos(permissions, 'config_api') > 0);

   -- Sessions that ended before their time.
   CREATE TABLE ended_sessions (
     id text COLLATE "C" PRIMARY KEY CHECK (octet_length(id) <= 64),
     until timestamptz NOT NULL
   );
   CREATE INDEX ended_sessions_by_time ON ended_sessions (until);`,
];

/** The rights of a role that only uses the tables, by table. */
const GRANTS: Readonly<Record<string, string>> = {
  users: 'SELECT, INSERT, UPDATE, DELETE',
  subscriptions: 'SELECT, INSERT, UPDATE, DELETE',
  failures: 'SELECT, INSERT, UPDATE, DELETE',
  ended_sessions: 'SELECT, INSERT, UPDATE, DELETE',
  revision: 'SELECT, UPDATE',
  schema_version: 'SELECT',
};

/**
 * The longest name of a schema, in characters: the names of our channel and locks end otherwise.
 */
const LONGEST_SCHEMA = 48;

/** Checks the name of a schema. @throws MisuseError */
export function checkSchema(schema: string): string {
  if (/^(?!pg_)[a-z_][a-z0-9_]*$/.test(schema) && schema.length <= LONGEST_SCHEMA) return schema;
  throw new MisuseError(
    `the schema is a name of small letters, digits and "_", of at most ${String(LONGEST_SCHEMA)} characters, ` +
      `that begins with no digit and not with "pg_"; not ${JSON.stringify(schema)}`,
  );
}

/** Statements that bring a schema to the newest version, to be run in one transaction. */
export function migrationSql(schema: string, migrations: readonly string[] = MIGRATIONS): string {
  const steps = migrations.map(
    (migration, version) => `
  IF (SELECT coalesce(max(version), 0) FROM schema_version) = ${String(version)} THEN
   ${migration.replace(/;?\s*$/, ';')}
   DELETE FROM schema_version;
   INSERT INTO schema_version VALUES (${String(version + 1)});
  END IF;`,
  );
  return `SELECT pg_advisory_xact_lock(hashtextextended('kapacitor-auth ${schema}', 0));
DO $schema$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = '${schema}') THEN
    CREATE SCHEMA ${schema};
  END IF;
END $schema$;
SET LOCAL search_path = ${schema};
CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL);
DO $migrations$ BEGIN${steps.join('')}
END $migrations$;
`;
}

/** Options of {@link postgresSchemaSql}. */
export interface PostgresSchemaOptions {
  /** `kapacitor_auth` if left out. */
  readonly schema?: string | undefined;
  /** The role that the store logs in as; if left out, nothing is granted. */
  readonly role?: string | undefined;
}

/**
 * The SQL that the owner of a database runs, so that `PostgresUserStore` can do with a role that
 * may only use its tables. It may be run again, with the same or a newer release.
 *
 * @throws MisuseError for a schema or role that can't be named so
 */
export function postgresSchemaSql({
  schema = DEFAULT_SCHEMA,
  role,
}: PostgresSchemaOptions = {}): string {
  const sql = migrationSql(checkSchema(schema));
  const grants = role === undefined ? '' : grantsSql(schema, role);
  return `BEGIN;\n${sql}${grants}COMMIT;\n`;
}

function grantsSql(schema: string, role: string): string {
  if (role === '' || /[\0\n]/.test(role)) throw new MisuseError('a role must have a name');
  const to = `TO "${role.replaceAll('"', '""')}"`;
  const grants = Object.entries(GRANTS).map(
    ([table, rights]) => `GRANT ${rights} ON ${schema}.${table} ${to};\n`,
  );
  return `GRANT USAGE ON SCHEMA ${schema} ${to};\n${grants.join('')}`;
}
