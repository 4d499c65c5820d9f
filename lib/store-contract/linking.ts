import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoredUser, UserSource, UserStore } from '../stores/user-store.js';
import { Believing } from './believing.js';
import type { Clauses } from './contract-case.js';
import { eventually } from './expect.js';
import type { Linked } from './linked-source.js';
import { isFresh } from './linked-source.js';
import { HASHES, normal } from './sample-users.js';

/** Milliseconds after which a source whose link was cut is fresh no longer. */
const DOUBTFUL_AFTER = 2000;

/** Milliseconds between changes, and how many are made once the store is fresh again. */
const BETWEEN_CHANGES = 5;
const CHANGES_AFTERWARDS = 20;
const USERS = 100;

/** Milliseconds in which a store is fresh again. */
const PATIENCE = 30_000;

/** A source whose link a case cuts, and a user that it holds. */
export interface LinkedSubject {
  readonly linked: Linked<UserSource>;
  readonly user: StoredUser;
}

/** Two connections to the same data. The link of the second one is cut. */
export interface LinkedPair {
  readonly first: UserStore;
  readonly linked: Linked;
}

export const LINKING: Clauses<LinkedSubject> = {
  'is fresh no longer two seconds after its link was cut, and answers rightly or not at all':
    async ({ linked, user }) => {
      const { store } = linked;
      await eventually('fresh', () => isFresh(store));
      await linked.cut();
      const end = performance.now() + DOUBTFUL_AFTER;
      const answer = answerOrNone(store, user.name);
      while (performance.now() < end) await delay(20);
      const { freshUntil } = store;
      assert.ok(freshUntil !== undefined, 'it has no freshUntil');
      assert.ok(freshUntil <= end, `fresh for ${String(freshUntil - end)} ms too long`);
      assert.ok([user.hash, NO_ANSWER].includes(await answer), `it answered ${await answer}`);
    },
  'has told that any user may have changed before it is fresh again': async ({ linked }) => {
    const { store } = linked;
    let isForgotten = false;
    store.watch?.((name) => (isForgotten ||= name === undefined));
    await eventually('fresh', () => isFresh(store));
    await linked.cut();
    await eventually('fresh no longer', () => !isFresh(store));
    isForgotten = false;
    const again = async (): Promise<void> => {
      await eventually('fresh again', () => isFresh(store));
      assert.ok(isForgotten, 'it is fresh again, and told nobody to forget what was found before');
    };
    await Promise.all([again(), linked.heal()]);
  },
};

export const LINKING_PAIRS: Clauses<LinkedPair> = {
  'knows a change that another connection made while its link was cut': async ({
    first,
    linked,
  }) => {
    const { store } = linked;
    const believing = new Believing(store);
    await first.create(normal('amy'));
    await eventually('fresh', () => isFresh(store));
    await eventually('amy is found', async () => !!(await believing.find('amy')));
    await linked.cut();
    await first.update('amy', { hash: HASHES[1] });
    await eventually('fresh no longer', () => !isFresh(store));
    await first.update('amy', { permissions: ['api'] });
    await linked.heal();
    await eventually('fresh again', () => isFresh(store));
    const { hash, permissions = [] } = (await believing.find('amy')) ?? {};
    assert.deepEqual([hash, ...permissions], [HASHES[1], 'api']);
  },
  'misses no change that another connection makes while it connects again': async ({
    first,
    linked,
  }) => {
    const { store } = linked;
    const believing = new Believing(store);
    const names = Array.from({ length: USERS }, (_, index) => `u${String(100 + index)}`);
    await Promise.all(names.map(async (name) => first.create(normal(name))));
    await linked.cut();
    await eventually('fresh no longer', () => !isFresh(store));
    // Looks everybody up as soon as anything may be believed again.
    store.watch?.((name) => {
      if (name === undefined) setImmediate(() => void lookAll(believing, names));
    });
    const [hashes] = await Promise.all([changeUntilFresh(first, store, names), linked.heal()]);
    await eventually('every change is known', async () => {
      if (!isFresh(store)) return false;
      const found = await lookAll(believing, names);
      // In doubt nothing is remembered, so only a fresh store shows what it missed.
      return isFresh(store) && found.every((hash, index) => hash === hashes[index]);
    });
  },
};

const NO_ANSWER = 'no answer';

/** The hash of a user, or that no answer came. */
async function answerOrNone(source: UserSource, name: string): Promise<string> {
  try {
    return (await source.find(name))?.hash ?? 'that there is no such user';
  } catch (error) {
    const isUnavailable = error instanceof Error && Reflect.get(error, 'status') === 503;
    return isUnavailable ? NO_ANSWER : String(error);
  }
}

/** The hashes of users, as far as they can be looked up. */
async function lookAll(
  believing: Believing,
  names: readonly string[],
): Promise<readonly (string | undefined)[]> {
  const found = await Promise.allSettled(names.map(async (name) => believing.find(name)));
  return found.map((each) => (each.status === 'fulfilled' ? each.value?.hash : undefined));
}

/**
 * Changes one user after another through the first store, until the second has been fresh for a
 * while. Returns the hashes, in the order of the names.
 */
async function changeUntilFresh(
  first: UserStore,
  second: UserStore,
  names: readonly string[],
): Promise<readonly string[]> {
  const hashes: string[] = names.map(() => HASHES[0]);
  let left = CHANGES_AFTERWARDS;
  const start = Date.now();
  for (let change = 0; left > 0; change += 1) {
    const index = change % names.length;
    const hash = HASHES[(Math.floor(change / names.length) + 1) % 2] ?? HASHES[0];
    await first.update(names[index] ?? '', { hash });
    hashes[index] = hash;
    if (isFresh(second)) left -= 1;
    assert.ok(
      Date.now() - start < PATIENCE,
      `fresh again: not within ${String(PATIENCE / 1000)} s`,
    );
    await delay(BETWEEN_CHANGES);
  }
  return hashes;
}
