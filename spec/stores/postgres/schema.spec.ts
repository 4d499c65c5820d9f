import { readDatabaseUrls } from '../../../lib/database-urls.js';
import { Connections } from '../../../lib/stores/postgres/connections.js';
import { PostgresDatabase } from '../../../lib/stores/postgres/database.js';
import { migrate } from '../../../lib/stores/postgres/migrate.js';
import { MIGRATIONS, postgresSchemaSql } from '../../../lib/stores/postgres/schema.js';
import { TlsContext } from '../../../lib/stores/postgres/tls-context.js';
import { describePostgres } from '../../support/postgres.js';
import { amy, failureOf, newSchema, openStores, OTHER_HASH } from './stores.js';

describePostgres('The tables of a store in PostgreSQL', (server) => {
  const { make, open } = openStores();
  const databases: PostgresDatabase[] = [];
  afterEach(async () => {
    await Promise.all(databases.splice(0).map((database) => database.close()));
  });

  /** A database as one of several releases opens it. */
  function release(schema: string, url = server().url()) {
    const tls = new TlsContext({ paths: { ca: '', cert: '', key: '' }, insecureSkipVerify: false });
    const origin = { places: readDatabaseUrls(url) };
    const database = new PostgresDatabase(
      new Connections({ origin, most: 2, tls, useTls: false }),
      schema,
    );
    databases.push(database);
    return database;
  }

  const version = async (schema: string) =>
    (await server().sql(`SELECT version FROM ${schema}.schema_version`))[0]?.[0];

  const NEXT = [...MIGRATIONS, 'ALTER TABLE users ADD COLUMN extra text'];

  it('are made once when many processes open the store at once', async () => {
    const schema = newSchema();
    const url = server().url();
    const stores = await Promise.all(Array.from({ length: 8 }, () => open({ url, schema })));
    await Promise.all(
      stores.map((store, index) => store.create({ ...amy, name: `u${String(index)}` })),
    );
    await expect(stores[0]?.list()).resolves.toHaveLength(8);
  });

  it('are brought up to date with their users, also by two releases at once', async () => {
    const schema = newSchema();
    const store = await open({ url: server().url(), schema });
    await store.create(amy);
    await Promise.all([
      migrate(release(schema), NEXT),
      migrate(release(schema), NEXT),
      failureOf(migrate(release(schema))).catch(() => undefined),
    ]);
    await expect(version(schema)).resolves.toBe(3);
    // A release that is open already goes on: a migration takes nothing away.
    await expect(store.find('amy')).resolves.toMatchObject(amy);
    await store.update('amy', { hash: OTHER_HASH });
  });

  it('are left alone if a newer release made them', async () => {
    const schema = newSchema();
    await migrate(release(schema), NEXT);
    const failure = await failureOf(make({ url: server().url(), schema }).open());
    expect(failure.message).toMatch(
      /is of a newer release of kapacitor-auth \(schema 3, this release knows 2\) and was left as it is: install that release$/,
    );
  });

  it('are all made or none', async () => {
    const schema = newSchema();
    const broken = [...MIGRATIONS, 'SELECT 1 / 0'];
    await failureOf(migrate(release(schema), broken));
    await expect(
      server().sql(`SELECT count(*)::int FROM pg_namespace WHERE nspname = '${schema}'`),
    ).resolves.toEqual([[0]]);
  });

  it('are not mixed with those of another program', async () => {
    const schema = newSchema();
    await server().sql(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.users (id int)`);
    const failure = await failureOf(make({ url: server().url(), schema }).open());
    expect(failure.message).toContain('has a table of this name already: set store.schema');
    await expect(server().sql(`SELECT * FROM ${schema}.users`)).resolves.toEqual([]);
  });

  it('need UTF-8', async () => {
    await server().sql(
      "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'",
    );
    const failure = await failureOf(make({ url: server().url({ database: 'latin' }) }).open());
    expect(failure.message).toMatch(/keeps texts in LATIN1: create one with ENCODING 'UTF8'$/);
  });

  it('are enough for a role that owns nothing, once the owner ran the printed SQL', async () => {
    const schema = newSchema();
    const role = `role of "${schema}"`;
    const quoted = `"${role.replaceAll('"', '""')}"`;
    const url = server().url({ user: encodeURIComponent(role) });
    await server().sql(
      `CREATE ROLE ${quoted} LOGIN; REVOKE CREATE ON DATABASE postgres FROM PUBLIC`,
    );
    const refused = await failureOf(make({ url, schema }).open());
    expect(refused.message).toContain(
      'let the owner run what "kapacitor-auth store sql --role ROLE" prints',
    );

    // It may be run again.
    for (let time = 0; time < 2; time++) await server().sql(postgresSchemaSql({ schema, role }));
    const store = await open({ url, schema });
    await store.create(amy);
    await store.update('amy', { hash: OTHER_HASH });
    await store.subscriptions.deleteDatabase('telegraf');
    await expect(store.delete('amy')).resolves.toBe(true);
    const [rights] = await server().sql(
      `SELECT has_schema_privilege('${role}', '${schema}', 'CREATE'), has_table_privilege('${role}', '${schema}.schema_version', 'UPDATE')`,
    );
    expect(rights).toEqual([false, false]);
  });

  it.each(['', 'Users', 'a-b', '1', 'x"; DROP', 'pg_auth', 'a'.repeat(49)])(
    'refuse the schema %j',
    (schema) => {
      expect(() => make({ url: server().url(), schema })).toThrow('the schema is a name of');
      expect(() => postgresSchemaSql({ schema })).toThrow('the schema is a name of');
    },
  );
});
