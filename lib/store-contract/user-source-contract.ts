import assert from 'node:assert/strict';
import type { MaybePromise } from '../maybe-promise.js';
import { bcryptHashCost } from '../stores/rules/bcrypt-hash.js';
import type { StoredUser, UserSource } from '../stores/user-store.js';
import type { Clauses, ContractCase } from './contract-case.js';
import { expectCode, expectUser } from './expect.js';
import type { Linked } from './linked-source.js';
import { withLinked } from './linked-source.js';
import { LINKING } from './linking.js';
import { UNKNOWN_NAMES } from './unknown-names.js';
import { withOpen } from './with-open.js';

/** Makes a source that holds the given users; the case opens and closes it. */
export type OpenUserSource = () => MaybePromise<UserSource>;

/** Abilities of a source beyond the least. */
export interface UserSourceContractOptions {
  /**
   * Makes a source that holds the users, and the link between it and them, for a source that says
   * until when it is fresh (`UserSource.freshUntil`). Cases then cut the link.
   */
  readonly openLinked?: () => MaybePromise<Linked<UserSource>>;
}

/** A source and all the users that it should hold. */
interface Subject {
  readonly source: UserSource;
  readonly users: readonly StoredUser[];
}

/**
 * Makes the cases that every source of users must pass, even if it is read-only.
 *
 * @param open - makes a source of its own for each case
 * @param users - all users that the source holds, in the form in which it must return them
 * @param options - abilities of the source, which decide on further cases
 */
export function userSourceContract(
  open: OpenUserSource,
  users: readonly StoredUser[],
  { openLinked }: UserSourceContractOptions = {},
): readonly ContractCase[] {
  const cases = Object.entries(CLAUSES).map(([name, clause]) => ({
    name,
    run: () => withOpen(open, (source) => clause({ source, users })),
  }));
  const [user] = users;
  if (openLinked === undefined || user === undefined) return cases;
  const linkedCases = Object.entries(LINKING).map(([name, clause]) => ({
    name,
    run: () => withLinked(openLinked, (linked) => clause({ linked, user })),
  }));
  return [...cases, ...linkedCases];
}

const CLAUSES: Clauses<Subject> = {
  'finds each of its users': findsAll,

  'finds nobody by a name that is not known, nor by one in other letters': async ({
    source,
    users,
  }) => {
    const known = new Set(users.map(({ name }) => name));
    const names = [...UNKNOWN_NAMES, ...Array.from(known).flatMap(lookalikes)];
    for (const name of names.filter((name) => !known.has(name))) {
      assert.equal(await source.find(name), undefined, JSON.stringify(name));
    }
  },

  'keeps its users apart from the objects it gives out': async (subject) => {
    for (const { name } of subject.users) {
      const user = await subject.source.find(name);
      assert.ok(user);
      Reflect.set(user, 'hash', '');
      Reflect.set(user.permissions, 0, 'all');
    }
    await findsAll(subject);
  },

  'knows its users after it was opened once more': async (subject) => {
    await subject.source.open?.();
    await findsAll(subject);
  },

  'tells the highest cost of its hashes, where it tells any': async ({ source, users }) => {
    await Promise.resolve();
    const { hashCost = 0 } = source;
    const highest = Math.max(0, ...users.map(({ hash }) => bcryptHashCost(hash)));
    assert.ok([0, highest].includes(hashCost), `${String(hashCost)} is not ${String(highest)}`);
  },

  'answers nothing once it is closed, and may be closed again': async ({ source, users }) => {
    await source.close?.();
    for (const name of [...users.map((user) => user.name), 'nobody']) {
      await expectCode('ERR_KAUTH_STORE_UNAVAILABLE', () => source.find(name));
    }
    await source.close?.();
  },
};

async function findsAll({ source, users }: Subject): Promise<void> {
  for (const user of users) expectUser(await source.find(user.name), user);
}

function lookalikes(name: string): readonly string[] {
  const spellings = [name.toUpperCase(), name.toLowerCase(), name.normalize('NFD')];
  return [...spellings, `${name} `, `${name}\0`];
}
