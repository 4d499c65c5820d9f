import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Pool } from 'pg';
import { PostgresUserStore } from '../../../lib/stores/postgres-store.js';
import { installed } from '../../support/describe-installed.js';
import { asServant, describePostgres, freePort, writeForServant } from '../../support/postgres.js';
import {
  amy,
  failureOf,
  newSchema,
  openStores,
  OTHER_HASH,
  recordingLogger,
  until,
} from './stores.js';

describePostgres('A store in PostgreSQL', (server) => {
  const { open } = openStores();

  it('works on the pool of the app, which it never ends', async () => {
    const pool = new Pool({ connectionString: server().url(), max: 3 });
    const schema = newSchema();
    const store = await open({ pool, schema });
    const other = await open({ url: server().url(), schema });
    const told: (string | undefined)[] = [];
    store.watch((name) => told.push(name));
    await other.create(amy);
    await until('it is told', () => told.length > 0);
    await expect(store.find('amy')).resolves.toMatchObject(amy);
    await store.close();
    await expect(pool.query('SELECT 1')).resolves.toMatchObject({ rowCount: 1 });
    await pool.end();
  });

  it('refuses a pool whose only connection would be the one that it keeps', async () => {
    const pool = new Pool({ connectionString: server().url(), max: 1 });
    expect(() => new PostgresUserStore({ pool })).toThrow(/a pool of one connection is too small/);
    const store = await open({ pool, listenUrl: server().url(), schema: newSchema() });
    await store.create(amy);
    await expect(store.find('amy')).resolves.toMatchObject(amy);
    await store.close();
    await pool.end();
  });

  it('says that the pool of the app may be too small when it gives no connection', async () => {
    const pool = new Pool({ connectionString: server().url(), max: 2 });
    const store = await open({ pool, schema: newSchema() });
    await store.create(amy);
    const taken = await pool.connect();
    const failure = await failureOf(store.find('amy'));
    expect(failure.message).toMatch(/of the app's pool gave no .*answer|gave no connection within/);
    taken.release();
    await until('it answers', async () => {
      try {
        return (await store.find('amy')) !== undefined;
      } catch {
        return false;
      }
    });
    await store.close();
    await pool.end();
  });

  it('hears of changes though its line leads to another database', async () => {
    const schema = newSchema();
    const url = server().url();
    const listenUrl = await server().newDatabase();
    await open({ url: listenUrl, schema });
    const store = await open({ url, listenUrl, schema });
    const other = await open({ url, schema });
    const told: (string | undefined)[] = [];
    store.watch((name) => told.push(name));
    await other.create(amy);
    await until('it is told', () => told.length > 0);
    told.length = 0;
    await other.update('amy', { hash: OTHER_HASH });
    await until('it is told again', () => told.length > 0);
  });

  const pgbouncer = installed('pgbouncer');
  if (pgbouncer === undefined) process.stderr.write('skipped: PgBouncer is not installed\n');

  (pgbouncer === undefined ? it.skip : it)(
    'behind a pooler of transactions looks for changes itself, and says so once',
    async () => {
      const port = await freePort();
      const file = join(server().folder, 'pgbouncer.ini');
      const settings = [
        '[databases]',
        `postgres = host=127.0.0.1 port=${String(server().port)} user=postgres pool_size=4`,
        '[pgbouncer]',
        'listen_addr = 127.0.0.1',
        `listen_port = ${String(port)}`,
        'auth_type = any',
        'pool_mode = transaction',
        'unix_socket_dir =',
      ];
      writeForServant(file, settings.join('\n'));
      const [command, ...args] = asServant([pgbouncer ?? '', '-q', file]);
      const pooler = spawn(String(command), args, { stdio: 'ignore', cwd: server().folder });
      const schema = newSchema();
      const logger = recordingLogger();
      const direct = await open({ url: server().url(), schema });
      await direct.create(amy);
      const { make } = { make: () => open({ url: server().url({ port }), schema, logger }) };
      let store: Awaited<ReturnType<typeof make>> | undefined;
      await until('the pooler is there', async () => {
        try {
          store = await make();
          return true;
        } catch {
          return false;
        }
      });
      const told: (string | undefined)[] = [];
      store?.watch((name) => told.push(name));
      for (const hash of [OTHER_HASH, amy.hash, OTHER_HASH]) {
        told.length = 0;
        await direct.update('amy', { hash });
        await until('the change is told', () => told.length > 0);
      }
      await Promise.all(Array.from({ length: 60 }, () => store?.find('amy')));
      await store?.update('amy', { permissions: [] });
      await until('it says so', () => logger.lines.length > 0);
      expect(logger.lines).toEqual([
        expect.stringMatching(
          /^warn: WRN_KAUTH_POSTGRES_DEAF: .*set store.listen-url to a direct line$/,
        ),
      ]);
      await store?.close();
      const ended = once(pooler, 'exit');
      pooler.kill('SIGTERM');
      await ended;
    },
  );
});
