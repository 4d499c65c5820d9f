import assert from 'node:assert/strict';
import type { UserStore } from '../stores/user-store.js';
import type { Clauses } from './contract-case.js';
import { eventually } from './expect.js';
import { subscription, subscriptionsOf } from './sample-subscriptions.js';
import { normal } from './sample-users.js';

/** Two connections to the same data, like those of two processes. */
type Pair = readonly [first: UserStore, second: UserStore];

export const SHARING_SUBSCRIPTIONS: Clauses<Pair> = {
  'sees, and is told of, the subscriptions that another connection puts and deletes': async ([
    first,
    second,
  ]) => {
    const { digest } = subscription('a');
    let told = 0;
    second.watch?.(() => (told += 1));
    await subscriptionsOf(first).put(subscription('a'));
    await eventually(
      'the subscription is found',
      async () => !!(await subscriptionsOf(second).find(digest)),
    );
    await eventually('told of the new subscription', () => told > 0);
    told = 0;
    await subscriptionsOf(first).delete(digest);
    await eventually(
      'the subscription is gone',
      async () => !(await subscriptionsOf(second).find(digest)),
    );
    await eventually('told of the deletion', () => told > 0);
  },
  'loses no subscription and no user when two connections write at once': async (pair) => {
    const digits = Array.from({ length: 20 }, (_, index) => String(10 + index));
    await Promise.all(
      digits.flatMap((each, index) => {
        const store = pair[index % 2 === 0 ? 0 : 1];
        return [
          (async () => subscriptionsOf(store).put(subscription(each)))(),
          (async () => store.create(normal(`u${each}`)))(),
        ];
      }),
    );
    for (const store of pair) {
      await eventually('all are listed', async () => {
        const [subscriptions, users] = await Promise.all([
          subscriptionsOf(store).list(),
          store.list(),
        ]);
        return subscriptions.length === digits.length && users.length === digits.length;
      });
    }
    assert.deepEqual(
      (await subscriptionsOf(pair[0]).list()).map(({ digest }) => digest.slice(0, 2)),
      digits,
    );
  },
};
