import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { until } from '../stores/postgres/stores.js';
import { describePostgres } from '../support/postgres.js';
import type { Trouble } from '../support/postgres-wire.js';
import type { Asked, Instance, Three } from './postgres-instances.js';
import { ANY_FAILURE, openInstances, untilLetIn } from './postgres-instances.js';

const NAMES = ['amy', 'bob'] as const;
const TROUBLES: readonly Trouble[] = ['cut', 'silent', 'swallowed', 'dead', 'slow'];

type Name = (typeof NAMES)[number];

/** Something that happens to one of three instances, and how long nothing else does afterwards. */
interface Event {
  readonly at: 0 | 1 | 2;
  readonly what: 'change' | 'log in' | Trouble | 'heal';
  readonly name: Name;
  readonly isListener: boolean;
  readonly pause: number;
}

const event: fc.Arbitrary<Event> = fc.record({
  at: fc.constantFrom(0, 1, 2),
  what: fc.oneof(
    { weight: 4, arbitrary: fc.constant('change' as const) },
    { weight: 6, arbitrary: fc.constant('log in' as const) },
    { weight: 4, arbitrary: fc.constantFrom(...TROUBLES) },
    { weight: 3, arbitrary: fc.constant('heal' as const) },
  ),
  name: fc.constantFrom(...NAMES),
  isListener: fc.boolean(),
  pause: fc.constantFrom(0, 5, 50, 400, 1_600),
});

/** A change of a password, in milliseconds of `performance.now()`. */
interface Replacement {
  readonly began: number;
  readonly acknowledged: number;
}

/** The passwords of a user, and when each was no longer the right one. */
class Passwords {
  readonly #name: Name;
  readonly #replacements: Replacement[] = [];

  constructor(name: Name) {
    this.#name = name;
  }

  get all(): readonly string[] {
    return [...this.#replacements.map((_, index) => this.#at(index)), this.right];
  }

  get right(): string {
    return this.#at(this.#replacements.length);
  }

  get next(): string {
    return this.#at(this.#replacements.length + 1);
  }

  /** The next one is the right one from now on. */
  replaced(replacement: Replacement): void {
    this.#replacements.push(replacement);
  }

  /** True if somebody was let in too late, or refused with the right password. */
  isWronged({ password, began, ended, status }: Asked): boolean {
    const index = this.all.indexOf(password);
    const over = this.#replacements[index] ?? { began: Infinity, acknowledged: Infinity };
    if (status === 200) return began >= over.acknowledged + ANY_FAILURE;
    if (status === 503) return false;
    const right = this.#replacements[index - 1]?.acknowledged ?? -Infinity;
    return status !== 401 || (began >= right && ended < over.began);
  }

  #at(index: number): string {
    return `${this.#name} ${String(index)}`;
  }
}

/** Lets events happen to instances, and knows what must come of them. */
class History {
  readonly passwords: Readonly<Record<Name, Passwords>> = {
    amy: new Passwords('amy'),
    bob: new Passwords('bob'),
  };
  readonly #instances: Three;
  readonly #asking: Promise<unknown>[] = [];

  constructor(instances: Three) {
    this.#instances = instances;
  }

  async happen({ at, what, name, isListener, pause }: Event): Promise<void> {
    const { wire } = this.#instances[at];
    if (what === 'heal') wire.heal();
    else if (what === 'log in') this.#logIn(name);
    else if (what === 'change') await this.#change(at, name);
    else wire.fail(what, isListener ? 'listener' : 'all');
    await delay(pause);
  }

  /** Waits for all answers. */
  async end(): Promise<void> {
    for (const { wire } of this.#instances) wire.heal();
    await Promise.all(this.#asking);
  }

  /** Everybody asks everywhere, with each password that there was. */
  #logIn(name: Name): void {
    for (const instance of this.#instances) {
      for (const password of this.passwords[name].all) {
        this.#asking.push(instance.ask(name, password));
      }
    }
  }

  /** Whoever can't reach the database now does so once that is over. */
  async #change(at: Event['at'], name: Name): Promise<void> {
    const instance = this.#instances[at];
    instance.wire.heal();
    const passwords = this.passwords[name];
    const began = performance.now();
    const acknowledged = await instance.setPasswordAtLast(name, passwords.next);
    passwords.replaced({ began, acknowledged });
  }
}

describePostgres('three instances over one PostgreSQL', (server) => {
  const { openThree } = openInstances();

  it('believe no old password too long, refuse no right one, and agree in the end', async () => {
    const instances = await openThree(await server().newDatabase());
    const property = fc.asyncProperty(
      fc.array(event, { minLength: 4, maxLength: 14 }),
      async (events) => {
        await begin(instances);
        const history = new History(instances);
        for (const each of events) await history.happen(each);
        await history.end();
        const { passwords } = history;
        for (const { asked } of instances) {
          for (const name of NAMES) {
            const own = asked.filter((each) => each.name === name);
            expect(own.filter((each) => passwords[name].isWronged(each))).toEqual([]);
          }
        }
        for (const each of instances) {
          for (const name of NAMES) await expectAgreed(each, name, passwords[name]);
        }
      },
    );
    await fc.assert(property, { numRuns: 5 });
  });
});

/** Everybody has the first password, and all instances know it. */
async function begin(instances: Three): Promise<void> {
  for (const name of NAMES) await instances[0].setOrCreate(name, `${name} 0`);
  for (const each of instances) {
    for (const name of NAMES) await untilLetIn(each, name, `${name} 0`);
    each.asked.length = 0;
  }
}

async function expectAgreed(
  instance: Instance,
  name: Name,
  { all, right }: Passwords,
): Promise<void> {
  await untilLetIn(instance, name, right);
  for (const old of all.filter((each) => each !== right)) {
    await until('it is refused', async () => (await instance.ask(name, old)) === 401);
  }
}
