import { Client, Pool } from 'pg';
import { describePostgres } from '../../support/postgres.js';
import { failureOf, newSchema, openStores, until } from './stores.js';

describePostgres('A question to PostgreSQL that is given up', (server) => {
  const { open } = openStores();

  /** Users of one schema can't be read until this is called. */
  async function lock(schema: string): Promise<() => Promise<void>> {
    const client = new Client({ connectionString: server().url() });
    await client.connect();
    await client.query(`BEGIN; LOCK TABLE ${schema}.users IN ACCESS EXCLUSIVE MODE`);
    return () => client.end();
  }

  const waiting = async (): Promise<number> => {
    const rows = await server().sql(
      `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%name = $1'`,
    );
    return Number(rows[0]?.[0]);
  };

  it.each(['its own connections', 'the pool of the app'])(
    'leaves nothing behind on the server, with %s',
    async (origin) => {
      const schema = newSchema();
      const pool = new Pool({ connectionString: server().url() });
      const url = server().url();
      const store = await open(origin.startsWith('the') ? { pool, schema } : { url, schema });
      const unlock = await lock(schema);
      const questions = Array.from({ length: 8 }, (_, index) =>
        failureOf(store.find(`user ${String(index)}`)),
      );
      await until('they wait', async () => (await waiting()) === 8);
      const failures = await Promise.all(questions);
      expect(failures.map(({ code }) => code)).toEqual(
        failures.map(() => 'ERR_KAUTH_STORE_UNAVAILABLE'),
      );
      await until('nothing waits', async () => (await waiting()) === 0);
      await unlock();
      await store.close();
      await pool.end();
    },
  );
});
