import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../stores/postgres/stores.js';
import {
  asServant,
  describePostgres,
  freePort,
  newFolder,
  postgresPrograms,
  PostgresServer,
  removeServer,
  writeForServant,
} from '../support/postgres.js';
import { ANY_FAILURE, openInstances, throughPort, untilLetIn } from './postgres-instances.js';

const run = promisify(execFile);

/** A standby of a server as it is now. It gets nothing that happens later. */
async function standbyOf(server: PostgresServer): Promise<PostgresServer> {
  const bin = postgresPrograms() ?? '';
  const standby = new PostgresServer(bin, newFolder(), await freePort());
  const [command = '', ...args] = asServant([
    join(bin, 'pg_basebackup'),
    ...['-h', '127.0.0.1', '-p', String(server.port), '-U', 'postgres', '-D', standby.data],
    ...['--checkpoint=fast', '--no-sync'],
  ]);
  await run(command, args, { cwd: standby.folder });
  writeForServant(join(standby.data, 'standby.signal'), '');
  await standby.start();
  return standby;
}

describePostgres('instances whose primary goes away', (server) => {
  const { open, openThree } = openInstances();
  let standby: PostgresServer | undefined;
  afterAll(async () => {
    if (standby !== undefined) await removeServer(standby);
  });

  it('go by what the standby knows once it is promoted, though it is behind', async () => {
    const url = await server().newDatabase();
    const early = await open(url);
    await early.create('amy', 'before');
    standby = await standbyOf(server());
    const instances = await openThree(`${url},${throughPort(url, standby.port)}`);
    await early.setPassword('amy', 'lost');
    await early.create('zoe', 'lost');
    for (const each of instances) {
      await untilLetIn(each, 'amy', 'lost');
      await untilLetIn(each, 'zoe', 'lost');
    }

    await server().stop('immediate');
    const stopped = performance.now();
    for (const each of instances) {
      const isOver = () => performance.now() > stopped + ANY_FAILURE + 200;
      await each.askUntil('amy', 'lost', isOver);
      // A standby is not asked, though it would answer.
      expect(await each.ask('amy', 'before')).toBe(503);
      expect(each.letIn('lost', stopped + ANY_FAILURE)).toEqual([]);
    }

    await standby.sql('SELECT pg_promote()');
    for (const each of instances) {
      await untilLetIn(each, 'amy', 'before');
      await expect(each.ask('amy', 'lost')).resolves.toBe(401);
      await expect(each.ask('zoe', 'lost')).resolves.toBe(401);
    }

    const changed = await instances[0].setPassword('amy', 'after');
    await until('it is long enough', () => performance.now() > changed + ANY_FAILURE);
    for (const each of instances) {
      await expect(each.ask('amy', 'before')).resolves.toBe(401);
      await expect(each.ask('amy', 'after')).resolves.toBe(200);
    }
  });
});
