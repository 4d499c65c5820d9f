import { until } from '../stores/postgres/stores.js';
import { describePostgres } from '../support/postgres.js';
import type { Trouble } from '../support/postgres-wire.js';
import type { Instance } from './postgres-instances.js';
import { openInstances, untilLetIn } from './postgres-instances.js';

const MANY = 50;

describePostgres('an instance whose PostgreSQL gives no answer', (server) => {
  const { open } = openInstances();

  async function opened(): Promise<Instance> {
    const instance = await open(await server().newDatabase());
    await instance.create('amy', 'amy-pw');
    // As many connections as it ever has.
    await Promise.all(namesOf('early').map((name) => instance.ask(name, 'x')));
    return instance;
  }

  it.each<Trouble>(['cut', 'silent', 'swallowed'])(
    'answers 503 to all, soon without asking, and goes on afterwards: %s',
    async (trouble) => {
      const instance = await opened();
      const asked: string[] = [];
      instance.wire.onSent = (sent) => asked.push(sent);
      instance.wire.fail(trouble);
      const first = await Promise.all(namesOf('first').map((name) => instance.ask(name, 'x')));
      expect(new Set(first)).toEqual(new Set([503]));
      await until('it is known', async () => {
        asked.length = 0;
        await instance.ask('somebody', 'x');
        return !asked.join().includes('somebody');
      });
      const second = await Promise.all(namesOf('second').map((name) => instance.ask(name, 'x')));
      expect(new Set(second)).toEqual(new Set([503]));
      expect(asked.join()).not.toContain('second');
      instance.wire.heal();
      await untilLetIn(instance, 'amy', 'amy-pw');
      const third = await Promise.all(namesOf('third').map((name) => instance.ask(name, 'x')));
      expect(new Set(third)).toEqual(new Set([401]));
    },
  );

  it('uses no connection from before once it had to connect anew', async () => {
    const instance = await opened();
    const { store, wire } = instance;
    const proven = store.freshUntil;
    wire.fail('dead');
    await until('it is fresh again', () => store.freshUntil > proven + 1_500);
    const answers: number[] = [];
    for (const name of namesOf('later')) answers.push(await instance.ask(name, 'x'));
    expect(new Set(answers)).toEqual(new Set([401]));
  });
});

function namesOf(prefix: string): readonly string[] {
  return Array.from({ length: MANY }, (_, index) => `${prefix}-${String(index)}`);
}
