import { PostgresUserStore } from '../../lib/stores/postgres-store.js';
import { describePostgres } from '../support/postgres.js';
import { rounds, tally } from '../support/runs.js';
import { changesTold, killAfter, stepsAhead } from './killed-writers.js';

/** Writers that change users at once, each of which is killed. */
const WRITERS = 4;

const ROUNDS = rounds({ usual: 4, nightly: 50 });

const root = {
  name: 'root',
  type: 'admin',
  hash: `$2b$04$${'a'.repeat(53)}`,
  permissions: [],
} as const;

/** Starts writers at once, kills each after some changes, and gives what each was told of. */
async function killWriters(url: string, round: number) {
  const writers = Array.from({ length: WRITERS }, async (_, index) => {
    const prefix = `r${String(round)}-${String(index)}-`;
    const told = new Map<string, string>();
    const changes = 1 + ((7 * round + 5 * index) % 19);
    const writer = { module: 'stores/postgres-store.js', className: 'PostgresUserStore' };
    await killAfter(changes, { ...writer, place: { url }, prefix }, told);
    return { prefix, told };
  });
  return Promise.all(writers);
}

describePostgres('of writers to PostgreSQL that are killed again and again', (server) => {
  it('every acknowledged change is there, nothing is half, and others go on', async () => {
    const url = await server().newDatabase();
    const database = new URL(url).pathname.slice(1);
    const revision = async () => {
      const [row] = await server().sql('SELECT number FROM kapacitor_auth.revision', { database });
      return Number(row?.[0]);
    };
    const store = new PostgresUserStore({ url });
    await store.create(root);
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = await revision();
      const killed = await killWriters(url, round);
      // Whoever comes next waits for nobody who is dead.
      await store.update('root', { permissions: round % 2 === 0 ? ['api'] : [] });
      const users = await store.list();
      let changes = 1;
      for (const { prefix, told } of killed) {
        const own = users.filter(({ name }) => name.startsWith(prefix));
        const ahead = stepsAhead(told, own);
        // All is as acknowledged, but for one change that had been made and not yet told of.
        expect(ahead.filter((steps) => steps < 0 || steps > 1)).toEqual([]);
        expect(ahead.filter((steps) => steps === 1).length).toBeLessThanOrEqual(1);
        changes += changesTold(told) + ahead.filter((steps) => steps === 1).length;
      }
      // Each change that was made is counted, and none that was not.
      expect(await revision()).toBe(before + changes);
    }
    await store.close();
    tally('rounds of kill -9', ROUNDS * WRITERS);
  });
});
