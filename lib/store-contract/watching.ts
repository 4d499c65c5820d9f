import assert from 'node:assert/strict';
import type { MaybePromise } from '../maybe-promise.js';
import type { StoredUser, UserStore } from '../stores/user-store.js';
import type { Clauses } from './contract-case.js';
import { expectUser } from './expect.js';
import { HASHES, normal } from './sample-users.js';

type Change = (store: UserStore) => MaybePromise<unknown>;

const CHANGES: Readonly<Record<string, Change>> = {
  creation: (store) => store.create(normal('amy')),
  update: (store) => store.update('amy', { permissions: ['api'] }),
  replacement: (store) => store.replaceHash('amy', HASHES[0], HASHES[1]),
  deletion: (store) => store.delete('amy'),
};

export const WATCHING: Clauses<UserStore> = {
  'tells its listeners who changed before it acknowledges the change': async (store) => {
    const told: (string | undefined)[] = [];
    store.watch?.((name) => told.push(name));
    for (const [what, change] of Object.entries(CHANGES)) {
      told.length = 0;
      await change(store);
      assert.ok(told.length > 0, `nobody was told of the ${what}`);
      assert.ok(
        told.every((name) => name === 'amy' || name === undefined),
        `told of ${told.join()}`,
      );
    }
  },
  'finds the change already when it tells its listeners': async (store) => {
    await store.create(normal('amy'));
    const found: MaybePromise<StoredUser | undefined>[] = [];
    const stop = store.watch?.(() => found.push(store.find('amy')));
    await store.update('amy', { permissions: ['api'] });
    stop?.();
    expectUser(await found[0], normal('amy', { permissions: ['api'] }));
  },
  'tells nothing to a listener that stopped, and goes on to tell the others': async (store) => {
    const told: string[] = [];
    const stop = store.watch?.(() => told.push('one who stopped'));
    store.watch?.(() => told.push('another'));
    stop?.();
    stop?.();
    await store.create(normal('amy'));
    assert.deepEqual([...new Set(told)], ['another']);
  },
};
