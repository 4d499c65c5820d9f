import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { MaybePromise } from '../maybe-promise.js';
import type { UserStore } from '../stores/user-store.js';
import { BINDING_SESSIONS } from './binding-sessions.js';
import { CHANGING } from './changing.js';
import type { Clauses, ContractCase } from './contract-case.js';
import { CREATING } from './creating.js';
import { DISABLING } from './disabling.js';
import { ENDING_SESSIONS, SHARING_ENDED_SESSIONS } from './ending-sessions.js';
import { expectUser } from './expect.js';
import { FILTERING } from './filtering.js';
import { FINDING } from './finding.js';
import { GRANTING } from './granting.js';
import { LIFE_CYCLE } from './life-cycle.js';
import type { Linked } from './linked-source.js';
import { withLinked } from './linked-source.js';
import type { LinkedPair } from './linking.js';
import { LINKING, LINKING_PAIRS } from './linking.js';
import { LISTING } from './listing.js';
import { PUTTING } from './putting.js';
import { RENAMING } from './renaming.js';
import { subscription, subscriptionsOf } from './sample-subscriptions.js';
import { admin, HASHES, normal } from './sample-users.js';
import { SHARING } from './sharing.js';
import { SHARING_SUBSCRIPTIONS } from './sharing-subscriptions.js';
import { SUBSCRIBING, WATCHING_SUBSCRIPTIONS } from './subscribing.js';
import { telling } from './telling.js';
import { TIMING } from './timing.js';
import { WATCHING } from './watching.js';
import { withOpen } from './with-open.js';

/**
 * Makes a store; the case opens and closes it.
 *
 * @param place - a name for the data, of letters, digits and `-`. A new name stands for an empty
 *   store, a name used before for the same data. A store that isn't shared, watched or durable may
 *   ignore it.
 */
export type OpenUserStore = (place: string) => MaybePromise<UserStore>;

/** Abilities beyond the least. */
export interface UserStoreContractOptions {
  /** True if `watch` tells of changes; true if left out. */
  readonly watchable?: boolean;
  /** True if users are still there when their place is opened again; true if left out. */
  readonly durable?: boolean;
  /** True if several processes may have one place open; true if left out. */
  readonly shared?: boolean;
  /**
   * True if the store keeps subscription tokens too (`UserSource.subscriptions`); false if left
   * out.
   */
  readonly subscriptions?: boolean;
  /** True if the store keeps grants (`UserStore.keepsGrants`); false if left out. */
  readonly grants?: boolean;
  /** True if the store keeps who is disabled (`UserStore.keepsDisabled`); false if left out. */
  readonly disabled?: boolean;
  /**
   * True if the store keeps what the sessions of a user are bound to (`UserStore.keepsSessions`);
   * false if left out.
   */
  readonly sessions?: boolean;
  /**
   * True if the store remembers sessions that were ended (`UserSource.endedSessions`); false if
   * left out.
   */
  readonly endedSessions?: boolean;
  /**
   * True if the store heeds `type`, `permission`, `grant` and `disabled` of a list; false if left
   * out. It must keep grants and who is disabled.
   */
  readonly filters?: boolean;
  /** True if the store has the method `rename`; false if left out. */
  readonly rename?: boolean;
  /** True if the store keeps `created` and `changed`; false if left out. */
  readonly times?: boolean;
  /** Milliseconds in which `watch` tells of a change by another connection; 1000 if left out. */
  readonly within?: number;
  /**
   * Makes a store, and the link between it and its data, for a store that says until when it is
   * fresh (`UserSource.freshUntil`). Cases then cut the link. It gets a place, and the same data is
   * there as for the first parameter of {@link userStoreContract}.
   */
  readonly openLinked?: (place: string) => MaybePromise<Linked>;
}

const DEFAULTS = {
  watchable: true,
  durable: true,
  shared: true,
  subscriptions: false,
  endedSessions: false,
  grants: false,
  within: 1000,
  openLinked: undefined,
};

/**
 * Makes the cases that every store of users must pass.
 *
 * @param open - makes a store of its own for each case
 * @param options - abilities of the store, which decide on further cases
 */
export function userStoreContract(
  open: OpenUserStore,
  options: UserStoreContractOptions = {},
): readonly ContractCase[] {
  const { openLinked, within, ...abilities } = { ...DEFAULTS, ...options };
  const of = abilities.subscriptions ? WITH_SUBSCRIPTIONS : USERS_ALONE;
  const ended = abilities.endedSessions ? SHARING_ENDED_SESSIONS : {};
  const alone = {
    ...of.alone,
    ...furtherCases(abilities),
    ...(abilities.watchable && of.watched),
  };
  return [
    ...cases(alone, (run) => withOpen(() => open(randomUUID()), run)),
    ...(abilities.durable ? of.reopened.map((durability) => durability(open)) : []),
    ...cases(abilities.shared ? { ...of.together, ...ended, ...telling(within) } : {}, (run) => {
      const place = randomUUID();
      const make = (): MaybePromise<UserStore> => open(place);
      return withOpen(make, (first) => withOpen(make, (second) => run([first, second])));
    }),
    ...(openLinked === undefined ? [] : linkedCases(open, openLinked)),
  ];
}

function linkedCases(
  open: OpenUserStore,
  openLinked: (place: string) => MaybePromise<Linked>,
): readonly ContractCase[] {
  const onPair = (run: (pair: LinkedPair) => Promise<void>): Promise<void> => {
    const place = randomUUID();
    return withOpen(
      () => open(place),
      (first) =>
        withLinked(
          () => openLinked(place),
          (linked) => run({ first, linked }),
        ),
    );
  };
  return [
    ...cases(LINKING, (run) =>
      onPair(async ({ first, linked }) => {
        const user = normal('amy');
        await first.create(user);
        await run({ linked, user });
      }),
    ),
    ...cases(LINKING_PAIRS, onPair),
  ];
}

/** The cases of abilities that a store has only if it says so. */
const FURTHER: readonly (readonly [
  ability: keyof UserStoreContractOptions,
  clauses: Clauses<UserStore>,
])[] = [
  ['grants', GRANTING],
  ['disabled', DISABLING],
  ['sessions', BINDING_SESSIONS],
  ['endedSessions', ENDING_SESSIONS],
  ['filters', FILTERING],
  ['rename', RENAMING],
  ['times', TIMING],
];

function furtherCases(abilities: UserStoreContractOptions): Clauses<UserStore> {
  const clauses: Clauses<UserStore> = {};
  return FURTHER.filter(([ability]) => abilities[ability] === true).reduce(
    (all, [, further]) => ({ ...all, ...further }),
    clauses,
  );
}

function cases<Subject>(
  clauses: Clauses<Subject>,
  run: (clause: Clauses<Subject>[string]) => Promise<void>,
): readonly ContractCase[] {
  return Object.entries(clauses).map(([name, clause]) => ({ name, run: () => run(clause) }));
}

function durability(open: OpenUserStore): ContractCase {
  return {
    name: 'keeps its users when it is closed and opened again',
    run: async () => {
      const place = randomUUID();
      const users = [admin('amy'), normal('bob', { hash: HASHES[1], permissions: ['api'] })];
      await withOpen(
        () => open(place),
        async (store) => {
          for (const user of users) await store.create(user);
        },
      );
      await withOpen(
        () => open(place),
        async (store) => {
          const listed = await store.list();
          assert.equal(listed.length, users.length);
          for (const [index, user] of users.entries()) expectUser(listed[index], user);
        },
      );
    },
  };
}

function durabilityOfSubscriptions(open: OpenUserStore): ContractCase {
  return {
    name: 'keeps its subscriptions when it is closed and opened again',
    run: async () => {
      const place = randomUUID();
      await withOpen(
        () => open(place),
        async (store) => {
          await subscriptionsOf(store).put(subscription('a'));
        },
      );
      await withOpen(
        () => open(place),
        async (store) => {
          const { digest } = subscription('a');
          const found = await subscriptionsOf(store).find(digest);
          assert.deepEqual({ ...found }, subscription('a'));
        },
      );
    },
  };
}

/** The cases for stores without subscriptions, by the ability that they need. */
const USERS_ALONE = {
  alone: { ...FINDING, ...CREATING, ...CHANGING, ...PUTTING, ...LISTING, ...LIFE_CYCLE },
  watched: WATCHING,
  reopened: [durability],
  together: SHARING,
};

const WITH_SUBSCRIPTIONS: typeof USERS_ALONE = {
  alone: { ...USERS_ALONE.alone, ...SUBSCRIBING },
  watched: { ...WATCHING, ...WATCHING_SUBSCRIPTIONS },
  reopened: [durability, durabilityOfSubscriptions],
  together: { ...SHARING, ...SHARING_SUBSCRIPTIONS },
};
