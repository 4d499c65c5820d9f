import { Pool } from 'pg';
import type { PostgresPoolClient } from '../../../lib/stores/postgres/postgres-pool.js';
import { describePostgres } from '../../support/postgres.js';
import { Proxy } from './proxy.js';
import { amy, newSchema, openStores, OTHER_HASH, recordingLogger, until } from './stores.js';

const LISTENERS =
  "SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_listening_channels%' AND pid <> pg_backend_pid()";

describePostgres('The line on which a store in PostgreSQL hears of changes', (server) => {
  const { open } = openStores();
  const proxies: Proxy[] = [];
  afterEach(async () => {
    await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
  });

  /** A store, another one on the same tables, and a proxy that the line of the first goes through. */
  async function pair() {
    const schema = newSchema();
    const proxy = await Proxy.to(server().port);
    proxies.push(proxy);
    const logger = recordingLogger();
    const url = server().url();
    const other = await open({ url, schema });
    const listenUrl = server().url({ port: proxy.port });
    const store = await open({ url, listenUrl, schema, logger });
    const told: (string | undefined)[] = [];
    store.watch((name) => told.push(name));
    // The line is not deaf once it was tried.
    await other.create({ ...amy, name: 'first' });
    await until('the first change is told', () => told.length > 0);
    told.length = 0;
    return { schema, store, other, proxy, told, logger };
  }

  const isFresh = (store: { readonly freshUntil: number }) => performance.now() < store.freshUntil;

  it('tells who changed, once, and of an own change too', async () => {
    let told: (string | undefined)[] = [];
    // A line that a busy machine holds up forgets everybody in place of names: then on another one.
    await until('a line is not held up', async () => {
      const { store, other, ...line } = await pair();
      ({ told } = line);
      await other.create(amy);
      await other.update('amy', { hash: OTHER_HASH });
      await until('both are told', () => told.length >= 2);
      await store.delete('amy');
      await other.replaceHash('first', amy.hash, OTHER_HASH);
      await until('the last one is told', () => told.includes('first') || told.includes(undefined));
      return isFresh(store) && !told.includes(undefined);
    });
    // The line may bring an own change before the server acknowledges it.
    expect([3, 4]).toContain(told.filter((name) => name === 'amy').length);
    expect(told.slice(0, 3)).toEqual(['amy', 'amy', 'amy']);
    expect(told.filter((name) => name === 'first')).toHaveLength(1);
  });

  it('tells of many users at once without a name', async () => {
    const { other, told } = await pair();
    const users = Array.from({ length: 3_000 }, (_, index) => ({
      user: { ...amy, name: `u${String(index)}` },
    }));
    await other.putAll(users);
    await until('it is told', () => told.length > 0);
    expect(told).toEqual([undefined]);
  });

  it('is made again when the server ended it, and then anybody may have changed', async () => {
    const { store, other, told, logger } = await pair();
    await server().sql(`SELECT pg_terminate_backend(pid) FROM (${LISTENERS}) AS lines`);
    await other.create(amy);
    await until('everything is forgotten', () => told.includes(undefined));
    await until('it is fresh', () => isFresh(store));
    told.length = 0;
    await other.delete('amy');
    await until('the next change is told', () => told.length > 0);
    expect(logger.lines.join('\n')).not.toContain('error:');
  });

  it('proves nothing while nothing comes over it, and forgets everything once it does', async () => {
    const { store, other, proxy, told } = await pair();
    proxy.swallows = () => true;
    await until('it is not fresh any more', () => !isFresh(store));
    await other.create(amy);
    // Asked anew, the store knows better.
    await expect(store.find('amy')).resolves.toMatchObject(amy);
    const before = told.length;
    proxy.mend();
    await until('it is fresh again', () => isFresh(store));
    expect(told.slice(before)).toContain(undefined);
  });

  it('says once that it is lost, and that it is back', async () => {
    const { store, proxy, logger } = await pair();
    proxy.cut();
    await until('it is lost', () => logger.lines.length > 0 && !isFresh(store));
    proxy.mend();
    await until('it is back', () => isFresh(store));
    expect(logger.lines).toEqual([
      expect.stringMatching(/^warn: changes of users by others can't be heard of/),
      'info: changes of users by others are heard of again',
    ]);
  });

  it('notices a revision that went back, as after a restored backup', async () => {
    const { schema, told } = await pair();
    await server().sql(`UPDATE ${schema}.revision SET number = 1`);
    await until('everything is forgotten', () => told.includes(undefined));
  });

  it('forgets everything if a notification is missing', async () => {
    const { schema, told } = await pair();
    const [row] = await server().sql(`SELECT number FROM ${schema}.revision`);
    const beyond = Number(row?.[0]) + 2;
    await server().sql(`SELECT pg_notify('${schema}_changes', '${String(beyond)} amy')`);
    await until('everything is forgotten', () => told.length > 0);
    expect(told[0]).toBeUndefined();
  });

  it('keeps the highest cost of a hash up to date', async () => {
    const { store, other } = await pair();
    const costly = amy.hash.replace('$04$', '$09$');
    await store.update('first', { hash: costly });
    expect(store.hashCost).toBe(9);
    await until('the other one learns of it', () => other.hashCost === 9);
    await other.delete('first');
    await until('it is low again', () => store.hashCost === 0);
  });

  it('lowers the highest cost by nothing that was asked before a change', async () => {
    const pool = new Pool({ connectionString: server().url(), max: 3 });
    let openGate: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      openGate = resolve;
    });
    let isShut = false;
    let isAtGate = false;
    const connect = async (): Promise<PostgresPoolClient> => {
      const client = await pool.connect();
      return {
        query: async (question) => {
          const reply = await client.query<unknown[]>(question);
          if (isShut && question.text.includes('pg_listening_channels')) {
            isAtGate = true;
            await gate;
          }
          return reply;
        },
        on: client.on.bind(client),
        release: (error) => {
          client.release(error);
        },
      };
    };
    const store = await open({ pool: { connect }, schema: newSchema() });
    await store.create(amy);
    isShut = true;
    await until('the revision was read', () => isAtGate);
    await store.update('amy', { hash: amy.hash.replace('$04$', '$09$') });
    isShut = false;
    const { freshUntil } = store;
    openGate();
    await until('the change is read', () => store.freshUntil !== freshUntil);
    expect(store.hashCost).toBe(9);
    await store.close();
    await pool.end();
  });

  it('is closed with the store, also while it is made anew', async () => {
    const pool = new Pool({ connectionString: server().url(), max: 3 });
    pool.on('error', () => undefined);
    let openGate: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      openGate = resolve;
    });
    let isShut = false;
    let isAtGate = false;
    const store = await open({
      pool: {
        connect: async () => {
          isAtGate = isShut;
          if (isShut) await gate;
          return pool.connect();
        },
      },
      schema: newSchema(),
    });
    isShut = true;
    await server().sql(`SELECT pg_terminate_backend(pid) FROM (${LISTENERS}) AS lines`);
    await until('another line is being made', () => isAtGate);
    const closed = store.close();
    openGate();
    await closed;
    expect(pool.totalCount).toBe(pool.idleCount);
    await pool.end();
  });
});
