import { describePostgres } from '../../support/postgres.js';
import { until } from '../../support/until.js';
import { ADMIN, Served } from './served.js';

const ROUNDS = 20;
const GUESSES = 40;

describePostgres('two servers of two workers on one PostgreSQL', (server) => {
  const servers: Served[] = [];

  beforeAll(async () => {
    const url = await server().newDatabase();
    for (let count = 0; count < 2; count += 1) {
      const served = new Served();
      servers.push(served);
      await served.start('--workers 2', { KAPACITOR_STORE_URL: url });
    }
  });

  afterAll(async () => {
    await Promise.all(servers.map((served) => served.end()));
  });

  function both(): readonly [Served, Served] {
    const [one, other] = servers;
    if (one === undefined || other === undefined) throw new Error('not started');
    return [one, other];
  }

  it('have a change in force in both workers at once, and in the other server soon', async () => {
    const [one, other] = both();
    const agents = one.connections(4);
    const others = other.connections(4);
    const amy = { name: 'amy', password: 'password-0', permissions: ['api'] };
    await one.change('POST', 'users', amy);
    const ofAll = (served: Served, from: typeof agents, password: string) =>
      Promise.all(from.map((agent) => served.status(['amy', password], agent)));
    for (let round = 1; round <= ROUNDS; round += 1) {
      const [old, current] = [`password-${String(round - 1)}`, `password-${String(round)}`];
      // All of them remember the old one.
      expect(await ofAll(one, agents, old)).toEqual([204, 204, 204, 204]);
      expect(await ofAll(other, others, old)).toEqual([204, 204, 204, 204]);
      await one.change('PATCH', 'users/amy', { password: current }, agents[round % 4]);
      expect(await ofAll(one, agents, old)).toEqual([401, 401, 401, 401]);
      expect(await ofAll(other, others, current)).toEqual([204, 204, 204, 204]);
      const isOver = async () => !(await ofAll(other, others, old)).includes(204);
      await until('the old password counts nowhere', isOver);
      // Otherwise the wrong passwords would add up to the limit.
      expect(await ofAll(one, agents, current)).toEqual([204, 204, 204, 204]);
    }
    expect(one.answered.length).toBe(2);
    expect(other.answered.length).toBe(2);
  });

  it('count failed logins as one: 10 of many wrong passwords at once are tried', async () => {
    const [one] = both();
    await one.change('POST', 'users', { name: 'ben', password: 'right', permissions: ['api'] });
    const guesses = servers.flatMap((served) =>
      Array.from({ length: GUESSES }, async (_, index) =>
        served.status(['ben', `wrong-${served.url}-${String(index)}`]),
      ),
    );
    const statuses = await Promise.all(guesses);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(2 * GUESSES - 10);
    for (const served of servers) {
      for (const agent of served.connections(4))
        await expect(served.status(['ben', 'right'], agent)).resolves.toBe(429);
    }
  });

  it('stop, and leave the users in the database', async () => {
    const [one, other] = both();
    one.child.process.kill('SIGTERM');
    await expect(one.child.exited).resolves.toBe(0);
    await expect(other.status(ADMIN)).resolves.toBe(204);
    other.child.process.kill('SIGTERM');
    await expect(other.child.exited).resolves.toBe(0);
    const [row] = await server().sql(
      "SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'kapacitor-auth'",
    );
    expect(row).toEqual([0]);
  });
});
