import { describePostgres } from '../support/postgres.js';
import type { Concerned, Trouble } from '../support/postgres-wire.js';
import type { Instance } from './postgres-instances.js';
import { ANY_FAILURE, HEALTHY, openInstances, untilLetIn } from './postgres-instances.js';

/** One instance has each of them, at the same time. */
const FAULTS: readonly (readonly [
  name: string,
  trouble: Trouble | undefined,
  concerned: Concerned,
])[] = [
  ['no fault', undefined, 'listener'],
  ['the listening line is cut', 'cut', 'listener'],
  ['the listening line is silent', 'silent', 'listener'],
  ['the listening line loses everything', 'swallowed', 'listener'],
  ['the listening line is dead, and can be made anew', 'dead', 'listener'],
  ['all lines are cut', 'cut', 'all'],
  ['all lines are silent', 'silent', 'all'],
  ['all lines lose everything', 'swallowed', 'all'],
  ['all lines are dead, and can be made anew', 'dead', 'all'],
  ['all lines are slow', 'slow', 'all'],
];

/** A machine that is busy may delay some changes, so one in force in time is enough. */
const TRIES = 5;

describePostgres('an instance over a PostgreSQL that others use too', (server) => {
  const { open } = openInstances(afterAll);
  const instances = new Map<string, Instance>();
  let writer: Instance;
  let acknowledged: number;

  const instanceOf = (name: string): Instance => {
    const instance = instances.get(name);
    if (instance === undefined) throw new Error(`no instance ${name}`);
    return instance;
  };

  beforeAll(async () => {
    const url = await server().newDatabase();
    writer = await open(url);
    await writer.create('amy', 'old');
    for (const [name] of FAULTS) instances.set(name, await open(url));
    for (const instance of instances.values()) await untilLetIn(instance, 'amy', 'old');
    for (const [name, trouble, concerned] of FAULTS) {
      if (trouble !== undefined) instanceOf(name).wire.fail(trouble, concerned);
    }
    acknowledged = await writer.setPassword('amy', 'new');
    const isEnough = () => performance.now() > acknowledged + ANY_FAILURE + 500;
    const asking = Array.from(instances.values(), async (instance) => {
      const first = instance.ask('amy', 'new');
      await instance.askUntil('amy', 'old', isEnough);
      await first;
    });
    await Promise.all(asking);
  });

  it.each(FAULTS)('does not let in by an old password later than it must: %s', (name) => {
    const { asked } = instanceOf(name);
    const later = asked.filter(({ began }) => began >= acknowledged + ANY_FAILURE);
    expect(later).not.toEqual([]);
    expect(later.filter(({ status }) => ![401, 503].includes(status))).toEqual([]);
  });

  it.each(FAULTS)(
    'takes a new password at once, or can not ask: %s',
    (name, _trouble, concerned) => {
      const first = instanceOf(name).asked.find(({ password }) => password === 'new');
      const canAsk = concerned !== 'all' || name.endsWith('slow');
      expect(canAsk ? [200] : [200, 503]).toContain(first?.status);
    },
  );

  it.each(FAULTS)('goes by what is in the database once the fault is over: %s', async (name) => {
    const instance = instanceOf(name);
    instance.wire.heal();
    await untilLetIn(instance, 'amy', 'new');
    await expect(instance.ask('amy', 'old')).resolves.toBe(401);
  });

  it('judges by a change within 100 ms once all is well', async () => {
    const all = Array.from(instances.values());
    let password = 'new';
    for (let tries = 0; tries < TRIES; tries += 1) {
      const old = password;
      password = `newer ${String(tries)}`;
      for (const instance of all) await untilLetIn(instance, 'amy', old);
      const time = await writer.setPassword('amy', password);
      const isEnough = () => performance.now() > time + HEALTHY + 100;
      await Promise.all(all.map((instance) => instance.askUntil('amy', old, isEnough)));
      if (all.every((instance) => instance.letIn(old, time + HEALTHY).length === 0)) return;
    }
    throw new Error('somebody was judged by the old state each time');
  });
});
