import { until } from '../stores/postgres/stores.js';
import type { PostgresServer } from '../support/postgres.js';
import { describePostgres } from '../support/postgres.js';
import { ANY_FAILURE, openInstances, untilLetIn } from './postgres-instances.js';

const terminate = (where: string) => (server: PostgresServer) =>
  server.sql(`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'kapacitor-auth' AND ${where}`);

/** Mishaps of the server that all instances ask. */
const FAULTS: readonly (readonly [string, (server: PostgresServer) => Promise<unknown>])[] = [
  ['ends all listening lines', terminate("query LIKE '%pg_listening_channels%'")],
  ['ends all lines', terminate('true')],
  ['crashes and starts again', (server) => server.restart('immediate')],
  ['is restarted in good order', (server) => server.restart('fast')],
];

describePostgres('instances whose PostgreSQL', (server) => {
  const { openThree } = openInstances();

  it.each(FAULTS)('%s lose nothing, and believe nothing too long', async (_what, happens) => {
    const instances = await openThree(await server().newDatabase());
    await instances[0].create('amy', 'pw 0');
    for (const each of instances) await untilLetIn(each, 'amy', 'pw 0');
    let isOver = false;
    const ask = (password: string) =>
      instances.map((each) => each.askUntil('amy', password, () => isOver));

    const asking = ask('pw 0');
    const happening = happens(server());
    const acknowledged: number[] = [];
    for (const [index, each] of instances.entries()) {
      // The one who makes a change tries it again, as somebody would.
      acknowledged.push(await each.setPasswordAtLast('amy', `pw ${String(index + 1)}`));
      asking.push(...ask(`pw ${String(index + 1)}`));
    }
    await happening;
    const last = acknowledged.at(-1) ?? NaN;
    await until('it is long enough', () => performance.now() > last + ANY_FAILURE + 200);
    isOver = true;
    await Promise.all(asking);

    for (const each of instances) {
      for (const [index, time] of acknowledged.entries()) {
        expect(each.letIn(`pw ${String(index)}`, time + ANY_FAILURE)).toEqual([]);
      }
      await untilLetIn(each, 'amy', `pw ${String(instances.length)}`);
    }
  });
});
