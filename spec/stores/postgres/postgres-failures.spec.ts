import { Client } from 'pg';
import type { FailureCounter } from '../../../lib/index.js';
import { kapacitorAuth, PostgresUserStore } from '../../../lib/index.js';
import { listeningLogger } from '../../support/listening-logger.js';
import { basic } from '../../support/open-auth.js';
import { describePostgres } from '../../support/postgres.js';
import { Proxy } from './proxy.js';
import { failureOf, until } from './stores.js';

const LIMIT = { keyPrefix: 'limit', points: 10, duration: 60 };
const range = (length: number) => Array.from({ length }, (_, index) => index);

describePostgres('failures in PostgreSQL', (server) => {
  const stores: PostgresUserStore[] = [];

  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });

  async function open(url: string): Promise<PostgresUserStore> {
    const store = new PostgresUserStore({ url });
    stores.push(store);
    await store.open();
    return store;
  }

  /** Two counters of one limit, as two processes have them. */
  async function pair(url: string, limit = LIMIT): Promise<[FailureCounter, FailureCounter]> {
    const [one, other] = [await open(url), await open(url)];
    return [one.failures(limit), other.failures(limit)];
  }

  const rowsOf = (url: string) =>
    server().sql('SELECT key, points FROM kapacitor_auth.failures ORDER BY key', {
      database: new URL(url).pathname.slice(1),
    });

  it('are counted exactly, however many count at once', async () => {
    const [one, other] = await pair(await server().newDatabase());
    const counts = await Promise.all(
      range(200).map((n) => (n % 2 === 0 ? one : other).penalty('amy', 1)),
    );
    const sums = counts.map(({ consumedPoints }) => consumedPoints).sort((a, b) => a - b);
    expect(sums).toEqual(range(200).map((n) => n + 1));
    for (const { msBeforeNext } of counts) {
      expect(msBeforeNext).toBeGreaterThan(0);
      expect(msBeforeNext).toBeLessThanOrEqual(60_000);
    }
  });

  it('are taken back, never below none, and forgotten', async () => {
    const url = await server().newDatabase();
    const [one, other] = await pair(url);
    await one.penalty('amy', 3);
    await other.reward('amy', 1);
    expect(await one.penalty('amy', 1)).toMatchObject({ consumedPoints: 3 });
    await other.reward('amy', 9);
    expect(await one.penalty('amy', 1)).toMatchObject({ consumedPoints: 1 });
    await other.delete('amy');
    await other.reward('amy', 1);
    expect(await rowsOf(url)).toEqual([]);
    expect(await one.penalty('amy', 1)).toMatchObject({ consumedPoints: 1 });
  });

  it('of different limits and keys are apart', async () => {
    const store = await open(await server().newDatabase());
    const [one, other] = [store.failures(LIMIT), store.failures({ ...LIMIT, keyPrefix: 'other' })];
    await one.penalty('amy', 1);
    expect(await other.penalty('amy', 1)).toMatchObject({ consumedPoints: 1 });
    expect(await one.penalty("o'amy; --", 1)).toMatchObject({ consumedPoints: 1 });
  });

  it('end with their window by the clock of the server, and rows that are over go', async () => {
    const url = await server().newDatabase();
    const [one, other] = await pair(url);
    const database = new URL(url).pathname.slice(1);
    await server().sql(
      `INSERT INTO kapacitor_auth.failures
       SELECT 'limit ' || n, 10, now() - interval '1 second' FROM generate_series(1, 2000) n`,
      { database },
    );
    await one.reward('1', 5);
    expect(await one.penalty('1', 1)).toMatchObject({ consumedPoints: 1 });
    await Promise.all(range(600).map((n) => (n % 2 === 0 ? one : other).penalty('amy', 1)));
    // Each of the two removes 1,024 rows at most.
    await until('rows that are over are gone', async () => (await rowsOf(url)).length === 2);
  });

  it.each([
    [
      'a failure is counted',
      'INSERT INTO',
      (counter: FailureCounter) => counter.penalty('amy', 1),
      4,
    ],
    ['one is taken back', 'UPDATE', (counter: FailureCounter) => counter.reward('amy', 1), 2],
  ] as const)('count once if the line is lost after %s', async (_what, words, act, points) => {
    const url = await server().newDatabase();
    const proxy = await Proxy.to(server().port);
    const through = new URL(url);
    through.port = String(proxy.port);
    const counter = (await open(through.href)).failures(LIMIT);
    await counter.penalty('amy', 3);
    proxy.cutsBeforeAnswerTo = (sent) => sent.includes(words);
    const failure = await failureOf(Promise.resolve(act(counter)));
    proxy.mend();
    await proxy.close();
    expect(failure).toMatchObject({ code: 'ERR_KAUTH_STORE_UNAVAILABLE' });
    expect(await rowsOf(url)).toEqual([['limit amy', points]]);
  });

  it.each([
    ['fails', "RAISE EXCEPTION 'no'"],
    ['takes its time', 'PERFORM pg_advisory_xact_lock(1)'],
  ])('are counted exactly while the removal of rows that are over %s', async (_how, deed) => {
    const url = await server().newDatabase();
    const [one] = await pair(url);
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`
      SELECT pg_advisory_lock(1);
      CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN ${deed.replaceAll("'", "''")}; RETURN OLD; END';
      CREATE TRIGGER hold BEFORE DELETE ON kapacitor_auth.failures FOR EACH ROW EXECUTE FUNCTION hold();
      INSERT INTO kapacitor_auth.failures VALUES ('limit over', 1, now() - interval '1 second')`);
    try {
      for (const n of range(260))
        expect(await one.penalty('amy', 1)).toMatchObject({ consumedPoints: n + 1 });
      expect(await rowsOf(url)).toHaveLength(2);
    } finally {
      await client.end();
    }
  });

  it('lock nobody out for longer than a window, though the clock of the server was set back', async () => {
    const url = await server().newDatabase();
    const [one] = await pair(url);
    await one.penalty('amy', 9);
    const database = new URL(url).pathname.slice(1);
    await server().sql(`UPDATE kapacitor_auth.failures SET expires = expires + '1 day'`, {
      database,
    });
    const { consumedPoints, msBeforeNext } = await one.penalty('amy', 1);
    expect(consumedPoints).toBe(10);
    expect(msBeforeNext).toBeLessThanOrEqual(60_000);
  });

  it('let through as many guesses over three instances as one may, and no name is kept', async () => {
    const url = await server().newDatabase();
    const auths = range(3).map(() =>
      kapacitorAuth({
        configFile: false,
        auth: { bcryptCost: 4 },
        store: { url },
        logger: listeningLogger(),
      }),
    );
    const [one] = auths;
    await one?.users?.create({ name: 'amy', password: 'right', type: 'admin' });
    const answers = await Promise.all(
      range(150).map(async (n) => {
        const headers = { authorization: basic('amy', `guess ${String(n)}`) };
        return Promise.resolve(auths[n % 3]?.authenticate({ headers, ip: '203.0.113.7' })).then(
          () => 'let in',
          (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
        );
      }),
    );
    expect(answers.filter((answer) => answer === 'ERR_KAUTH_FAILED')).toHaveLength(10);
    expect(answers.filter((answer) => answer === 'ERR_KAUTH_THROTTLED')).toHaveLength(140);
    expect(JSON.stringify(await rowsOf(url))).not.toMatch(/amy|guess|right/);
    await Promise.all(auths.map((auth) => auth.close()));
  });

  it('are counted in the process while the table can’t be used, and the warning says why', async () => {
    const url = await server().newDatabase();
    const logger = listeningLogger();
    const auth = kapacitorAuth({
      configFile: false,
      store: new PostgresUserStore({ url }),
      logger,
    });
    await (
      await open(url)
    ).create({
      name: 'amy',
      type: 'admin',
      hash: '$2b$04$abcdefghijklmnopqrstuu5x3nHxBSSRaMr5ZAy8M4VGHI8kqBHmG',
      permissions: [],
    });
    const database = new URL(url).pathname.slice(1);
    await server().sql('DROP TABLE kapacitor_auth.failures', { database });
    await auth.ready();
    expect(logger.lines).toEqual([
      expect.stringMatching(/^warn WRN_KAUTH_THROTTLE_STORE: .*together.*: .*; until they can, /),
    ]);
    await auth.close();
  });
});
