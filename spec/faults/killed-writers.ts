import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { StoredUser } from '../../lib/index.js';
import { spawnWithLib } from '../support/lib-process.js';

/** Creates users, changes each and deletes some, without end, and says so once each is acknowledged. */
const WRITE = `
  const [module, className, place, prefix] = args;
  const store = new (lib(module)[className])(JSON.parse(place));
  await store.open();
  const hash = '$2b$04$' + 'a'.repeat(53);
  for (let index = 0; ; index++) {
    const name = prefix + index;
    await store.create({ name, type: 'normal', hash, permissions: [] });
    console.log('created ' + name);
    await store.update(name, { permissions: ['api'] });
    console.log('changed ' + name);
    if (index % 3 > 0) continue;
    await store.delete(name);
    console.log('deleted ' + name);
  }
`;

/** The states of a user, in order. */
const STATES = ['absent', 'created', 'changed', 'deleted'];

/** A process that makes changes to users of its own. */
export interface Writer {
  readonly module: string;
  readonly className: string;
  /** The arguments of the class. */
  readonly place: unknown;
  /** Begins the names of its users. */
  readonly prefix: string;
}

/** A writer that is killed once it has been told of some changes; adds those to what was acknowledged. */
export async function killAfter(
  changes: number,
  { module, className, place, prefix }: Writer,
  told: Map<string, string>,
) {
  const child = spawnWithLib({
    script: WRITE,
    args: [module, className, JSON.stringify(place), prefix],
  });
  let left = changes;
  for await (const line of createInterface(child.stdout)) {
    const [state = '', name = ''] = line.split(' ');
    told.set(name, state);
    if (--left === 0) child.kill('SIGKILL');
  }
  expect(child.signalCode ?? (await once(child, 'exit'))[1]).toBe('SIGKILL');
}

/** The steps that each user is further than acknowledged. */
export function stepsAhead(
  told: ReadonlyMap<string, string>,
  users: readonly StoredUser[],
): number[] {
  const found = new Map(users.map(({ name, permissions }) => [name, permissions.length]));
  return [...new Set([...told.keys(), ...found.keys()])].map((name) => {
    const before = told.get(name) ?? 'absent';
    const gone = before === 'absent' ? 'absent' : 'deleted';
    const now = [gone, 'created', 'changed'][(found.get(name) ?? -1) + 1] ?? '';
    return STATES.indexOf(now) - STATES.indexOf(before);
  });
}

/** The number of changes that were acknowledged. */
export function changesTold(told: ReadonlyMap<string, string>): number {
  return Array.from(told.values(), (state) => STATES.indexOf(state)).reduce((a, b) => a + b, 0);
}
