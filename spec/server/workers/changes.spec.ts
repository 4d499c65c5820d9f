import { until } from '../../support/until.js';
import { Served } from './served.js';

const ROUNDS = 100;
const QUIET = { KAPACITOR_THROTTLE_ENABLED: 'false' };

describe.each(['', ' --store users.json'])('a change by one of several workers (%s)', (store) => {
  let served: Served;

  beforeAll(async () => {
    served = await new Served().start(`--workers 3${store}`, QUIET);
  });

  afterAll(async () => {
    await served.end();
  });

  it('of a password is in force in all of them once it is acknowledged', async () => {
    const agents = served.connections(6);
    await served.change('POST', 'users', {
      name: 'amy',
      password: 'password-0',
      permissions: ['api'],
    });
    const stale: string[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const [old, current] = [`password-${String(round - 1)}`, `password-${String(round)}`];
      // All of them remember the old one.
      await Promise.all(agents.map((agent) => served.status(['amy', old], agent)));
      const changing = agents[round % agents.length];
      await served.change('PATCH', 'users/amy', { password: current }, changing);
      const after = await Promise.all(agents.map((agent) => served.status(['amy', old], agent)));
      if (after.some((status) => status !== 401)) stale.push(`${old}: ${after.join(' ')}`);
      const now = await Promise.all(agents.map((agent) => served.status(['amy', current], agent)));
      if (now.some((status) => status !== 204)) stale.push(`${current}: ${now.join(' ')}`);
    }
    expect(stale).toEqual([]);
    expect(served.answered.length).toBeGreaterThanOrEqual(3);
  });

  it('of permissions, or the end of a user, is too', async () => {
    const agents = served.connections(6);
    const login = ['ben', 'ben-password'] as const;
    const statuses = () =>
      Promise.all(agents.map((agent) => served.send({ login, agent, path: 'tasks' })));
    const codes = async () => new Set((await statuses()).map(({ status }) => status));
    for (let round = 0; round < 20; round += 1) {
      const [one, other, third] = [0, 1, 2].map((step) => agents[(round + step) % agents.length]);
      const ben = { name: 'ben', password: 'ben-password', permissions: ['api'] };
      await served.change('POST', 'users', ben, one);
      await expect(codes()).resolves.toEqual(new Set([404]));
      await served.change('PATCH', 'users/ben', { permissions: [] }, other);
      await expect(codes()).resolves.toEqual(new Set([403]));
      await served.change('DELETE', 'users/ben', undefined, third);
      await expect(codes()).resolves.toEqual(new Set([401]));
    }
  });

  it('by another process is seen by all of them within a second', async () => {
    const agents = served.connections(6);
    const env = { KAPACITOR_AUTH_BCRYPT_COST: '4' };
    const add = served.run(`users add cid --permissions api --password-stdin${store}`, env);
    add.process.stdin.end('cid-password\n');
    await expect(add.exited).resolves.toBe(0);
    const all = async (status: number): Promise<void> => {
      for (const agent of agents) {
        const answered = () => served.status(['cid', 'cid-password'], agent);
        await until(`cid gets ${String(status)}`, async () => (await answered()) === status);
      }
    };
    await all(204);
    await expect(served.run(`users rm cid${store}`, env).exited).resolves.toBe(0);
    await all(401);
  });
});

it('a worker that stands still during a change is replaced, and the change acknowledged after that', async () => {
  const served = await new Served().start('--workers 3', QUIET);
  try {
    const agents = served.connections(6);
    await served.change('POST', 'users', { name: 'amy', password: 'old', permissions: ['api'] });
    await Promise.all(agents.map((agent) => served.status(['amy', 'old'], agent)));
    const [changing] = agents;
    const log = () => served.child.stdout;
    await served.send({ login: ['admin', 'first-password'], path: 'whoami', agent: changing });
    await served.child.until(/"path":"\/kapacitor\/v1\/whoami"/);
    const [, own] = /"worker":(\d+).*whoami/.exec(log()) ?? [];
    const stopped = served.answered.find((pid) => pid !== Number(own));
    if (stopped === undefined) throw new Error('no other worker has answered');
    process.kill(stopped, 'SIGSTOP');
    await served.change('PATCH', 'users/amy', { password: 'new' }, changing);
    // A process that is gone can't answer; nor could it have stood up again.
    expect(() => process.kill(stopped, 0)).toThrow('ESRCH');
    const after = await Promise.all(agents.map((agent) => served.status(['amy', 'old'], agent)));
    expect(new Set(after)).toEqual(new Set([401]));
    expect(log()).toContain(`"worker":${String(stopped)},"msg":"a worker did not answer`);
    await served.child.until(
      new RegExp(`"worker":${String(stopped)},"code":null,"signal":"SIGKILL"`),
    );
    await until('there are three workers', () => served.workers.length >= 3);
  } finally {
    await served.end();
  }
});
