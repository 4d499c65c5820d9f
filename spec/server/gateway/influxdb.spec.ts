import { mkdirSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../lib/cli/run.js';
import { MemoryTerminal } from '../../cli/memory-terminal.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { hasInfluxdb, Influxdb } from './influxdb.js';
import { StartedGateway } from './started-gateway.js';

const folder = temporaryFolder();
const path = join(folder, 'users.db');

/** Milliseconds after which another point is written: InfluxDB begins to push a while after a statement. */
const PATIENCE = 1000;

if (hasInfluxdb()) describe('a real InfluxDB that pushes to the gateway', pushing);
else {
  it('has no InfluxDB 1.x (influxd) here to try subscriptions with', () => {
    process.stderr.write(
      'skipped: subscriptions with a real InfluxDB, as there is no influxd 1.x\n',
    );
    expect(hasInfluxdb()).toBe(false);
  });
}

function pushing(): void {
  let gateway: StartedGateway;
  let influxdb: Influxdb;

  beforeAll(async () => {
    gateway = await StartedGateway.start({ store: { type: 'sqlite', path } });
    mkdirSync(join(folder, 'influxdb'));
    influxdb = await Influxdb.start(join(folder, 'influxdb'));
  });

  afterAll(async () => {
    await influxdb.stop();
    await gateway.stop();
  });

  beforeEach(() => {
    gateway.upstream.seen.length = 0;
  });

  /** Runs a command of another process on the gateway's store, and returns what it prints. */
  async function subscriptions(...words: readonly string[]): Promise<string> {
    const terminal = new MemoryTerminal('');
    const source = ['--config', devNull, '--store', path];
    const exitCode = await run(['subscriptions', ...words, ...source], terminal);
    if (exitCode !== 0) throw new Error(terminal.stderr.text);
    return terminal.stdout.text;
  }

  const grant = (...words: readonly string[]) =>
    subscriptions('grant', '--url', gateway.server.url, ...words);

  let time = 1_500_000_000_000_000_000n;

  /** Writes a point to InfluxDB and returns its line. */
  async function write(parameters: Readonly<Record<string, string>>): Promise<string> {
    const line = `cpu,host=a value=1 ${String(++time)}\n`;
    await influxdb.write(parameters, line);
    return line;
  }

  /** Writes points until one of them has arrived behind the gateway. */
  async function arrives(parameters: Readonly<Record<string, string>>): Promise<string> {
    for (;;) {
      const line = await write(parameters);
      for (let waited = 0; waited < PATIENCE; waited += 10) {
        const arrived = gateway.upstream.seen.find(({ body }) => body === line);
        if (arrived !== undefined) return arrived.url;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  }

  /** The statuses that the gateway has answered writes with, since some number of requests. */
  const statuses = (since: number) => gateway.log.requests.slice(since).map(({ status }) => status);

  /** Waits for a status among them. */
  async function answered(since: number, status: number): Promise<void> {
    while (!statuses(since).includes(status)) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it.each([
    ['telegraf', ''],
    [`te"le'graf é`, '/kapacitor/v1'],
  ])('gets its points through by the printed statement: %s, %j', async (database, base) => {
    await influxdb.query(`CREATE DATABASE "${database.replace('"', '\\"')}"`);
    const url = gateway.server.url + base;
    const statement = await subscriptions('grant', '--db', database, '--url', url);
    await influxdb.query(statement);
    const target = new URL(await arrives({ db: database }), gateway.upstream.url);
    expect(target.pathname).toBe(`${base}/write`);
    expect(Object.fromEntries(target.searchParams)).toEqual({
      consistency: '',
      db: database,
      precision: 'ns',
      rp: 'autogen',
    });
    const token = /~subscriber:([^@]+)@/.exec(statement)?.[1] ?? '';
    expect(token).toHaveLength(96);
    expect(JSON.stringify(gateway.upstream.seen)).not.toContain(token);
    expect(gateway.log.text).not.toContain(token);
    expect(JSON.stringify(await influxdb.query('SHOW SUBSCRIPTIONS'))).toContain(token);
  });

  it('is refused with a token for another retention policy, and goes on', async () => {
    await influxdb.query('CREATE DATABASE "policies"');
    await influxdb.query('CREATE RETENTION POLICY "other" ON "policies" DURATION 0s REPLICATION 1');
    const statement = await grant('--db', 'policies', '--rp', 'other');
    await influxdb.query(statement.replace('"policies"."other"', '"policies"."autogen"'));
    const before = gateway.log.requests.length;
    await write({ db: 'policies', rp: 'autogen' });
    await answered(before, 403);
    expect(gateway.upstream.seen).toEqual([]);
    expect(await influxdb.isAlive()).toBe(true);
  });

  it('is refused once its token is revoked, goes on, and is let in by another', async () => {
    await influxdb.query('CREATE DATABASE "alerts"');
    await influxdb.query(await grant('--db', 'alerts'));
    await arrives({ db: 'alerts' });

    const dropping = await subscriptions('revoke', '--db', 'alerts');
    const before = gateway.log.requests.length;
    while (!statuses(before).includes(401)) {
      await write({ db: 'alerts' });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    gateway.upstream.seen.length = 0;
    const refused = gateway.log.requests.length;
    await write({ db: 'alerts' });
    await answered(refused, 401);
    expect(new Set(statuses(refused))).toEqual(new Set([401]));
    expect(gateway.upstream.seen).toEqual([]);
    expect(await influxdb.isAlive()).toBe(true);

    await influxdb.query(dropping);
    expect(JSON.stringify(await influxdb.query('SHOW SUBSCRIPTIONS'))).not.toContain('"alerts"');
    await influxdb.query(await grant('--db', 'alerts'));
    await arrives({ db: 'alerts' });
  });
}
